using System.Security.Cryptography;

namespace PSImageGen.FakeProviders.Vendors.Stability;

/// <summary>What an order makes.</summary>
internal sealed record StabilityPicture(string Text, string Format, int Width, int Height, long Seed, bool IsFiltered);

/// <summary>An order whose picture is asked for later, by an id of 64 characters.</summary>
internal sealed class StabilityTask(string prompt, StabilityPicture picture, double seconds)
    : TimedTask(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)).ToLowerInvariant(), prompt, 1, seconds)
{
    public StabilityPicture Picture { get; } = picture;
}
