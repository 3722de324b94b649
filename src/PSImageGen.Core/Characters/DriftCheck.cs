namespace PSImageGen.Core.Characters;

/// <summary>Compares a picture with the portrait.</summary>
/// <param name="portrait">The full path of the portrait.</param>
/// <param name="picture">The full path of the picture.</param>
/// <param name="stop">The user wants to stop.</param>
/// <returns>Never <c>Passed</c> where the comparison itself failed.</returns>
public delegate Task<DriftAnswer> DriftCheck(string portrait, string picture, CancellationToken stop);

/// <summary>What a comparison says.</summary>
/// <param name="State">Whether it is the same character.</param>
/// <param name="Score">How much alike they are, where there is a number.</param>
public readonly record struct DriftAnswer(DriftState State, double? Score = null);
