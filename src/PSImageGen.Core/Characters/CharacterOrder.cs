using System.Security.Cryptography;
using System.Text;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Characters;

/// <summary>What a character sheet is to have in it. Checked when it is made.</summary>
public sealed class CharacterOrder
{
    /// <summary>The most pictures beside portrait and full body.</summary>
    public const int MaxPictures = 50;

    /// <summary>The feelings on the face, where none are named. Neutral is the portrait itself.</summary>
    public static readonly IReadOnlyList<string> UsualExpressions = ["neutral", "happy", "sad", "angry", "surprised", "fearful"];

    /// <summary>The sides it is seen from, where none are named.</summary>
    public static readonly IReadOnlyList<string> UsualAngles = ["three-quarter view", "profile", "back view"];

    /// <summary>Checks an order.</summary>
    /// <param name="name">What the character is called, and the beginning of all file names.</param>
    /// <param name="draft">What it looks like (<see cref="RequestDraft.Prompt"/>), and what all pictures have in common.</param>
    /// <param name="selection">Who may make it.</param>
    /// <param name="outputDirectory">The full path of the folder.</param>
    /// <param name="batchId">The id that all its runs share; by default made from the name, so that the same command goes on with the same sheet.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>InvalidImage</c>.</exception>
    public CharacterOrder(string name, RequestDraft draft, Selection selection, string outputDirectory, string? batchId = null)
    {
        ArgumentNullException.ThrowIfNull(draft);
        Name = new RunOptions(outputDirectory, name).Name;
        Draft = draft with { Count = 1 };
        Description = !string.IsNullOrWhiteSpace(draft.Prompt) ? draft.Prompt.Trim() : throw Errors.DescriptionMissing();
        Selection = selection;
        OutputDirectory = outputDirectory;
        BatchId = new RunOptions(outputDirectory, name, batchId: batchId ?? $"character-{Slug(name, 40)}").BatchId!;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>What it looks like.</summary>
    public string Description { get; }

    /// <summary>What all pictures have in common.</summary>
    public RequestDraft Draft { get; }

    /// <summary>Who may make it.</summary>
    public Selection Selection { get; }

    /// <summary>The folder of the pictures.</summary>
    public string OutputDirectory { get; }

    /// <summary>The id that all its runs share.</summary>
    public string BatchId { get; }

    /// <summary>A portrait that is there already: the full path of a picture; null to have one made.</summary>
    public string? Portrait { get; init; }

    /// <summary>The feelings on the face.</summary>
    public IReadOnlyList<string> Expressions { get; init; } = UsualExpressions;

    /// <summary>The sides it is seen from.</summary>
    public IReadOnlyList<string> Angles { get; init; } = UsualAngles;

    /// <summary>Whether there is a picture from head to feet.</summary>
    public bool FullBody { get; init; } = true;

    /// <summary>How many pictures may be made for each place, where a check says that one is another character.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The longest wait for one run; null for the default of the provider.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What the picture files remember of how they were made.</summary>
    public MetadataMode Metadata { get; init; }

    /// <summary>How many may be under way at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>The places of the sheet beside the portrait, in order.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>: one is there twice, or blank, or there are too many.</exception>
    public IReadOnlyList<CharacterPlace> Places()
    {
        List<CharacterPlace> places = [];
        foreach (string label in Expressions)
            places.Add(new CharacterPlace(CharacterStage.Expression, Checked(label), $"head and shoulders, facing the viewer, with a {label.Trim()} expression"));
        foreach (string label in Angles)
            places.Add(new CharacterPlace(CharacterStage.Angle, Checked(label), $"head and shoulders, {label.Trim()}, neutral expression"));
        if (FullBody)
            places.Add(new CharacterPlace(CharacterStage.FullBody, "full body", "full body from head to feet, standing, the whole figure in the picture"));
        if (places.GroupBy(p => p.Label, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Errors.PlaceTwice(twice.Key);
        return places.Count <= MaxPictures + 1 ? places : throw Errors.TooManyPlaces(MaxPictures);
    }

    /// <summary>The words for the portrait.</summary>
    internal string PortraitPrompt => $"{Sentence}Portrait, head and shoulders, facing the viewer, neutral expression, plain light background.";

    /// <summary>The words for another picture.</summary>
    internal string PromptOf(CharacterPlace place) => $"The same character as in the reference picture. {Sentence}The same face, hair and clothes; {place.Words}, plain light background.";

    private string Sentence => Description[^1] is '.' or '!' or '?' or '。' ? $"{Description} " : $"{Description}. ";

    /// <summary>Letters, digits and dashes of a text for an id, with a mark where that leaves something out.</summary>
    internal static string Slug(string text, int length)
    {
        StringBuilder slug = new();
        foreach (char c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        string plain = slug.ToString().Trim('-');
        string cut = plain[..Math.Min(plain.Length, length)].Trim('-');
        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ' ') && cut == plain && cut.Length > 0 ? cut : $"{cut}-{Mark(text, 6)}".TrimStart('-');
    }

    /// <summary>A few letters that tell texts apart.</summary>
    internal static string Mark(string text, int length) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..length].ToLowerInvariant();

    private static string Checked(string? label) => !string.IsNullOrWhiteSpace(label) ? label.Trim() : throw Errors.PlaceBlank();
}

/// <summary>A picture of the sheet that is to be made after the portrait.</summary>
/// <param name="Stage">What it is for.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Words">The same for the model.</param>
public sealed record CharacterPlace(CharacterStage Stage, string Label, string Words);
