using System.Text.Json.Nodes;

namespace PSImageGen.FakeProviders.Vendors.SkillsVideo;

/// <summary>A generation.</summary>
internal sealed class SkillsVideoTask(SkillsVideoBody body, double seconds)
    : TimedTask("gen_" + Guid.NewGuid().ToString("N"), body.Prompt, body.Count, seconds)
{
    public JsonObject Input { get; } = body.Input;

    public string Format { get; } = body.Format;

    public (int Width, int Height) Size { get; } = body.Size();

    /// <summary>Credits taken from the subscription.</summary>
    public int FromSubscription { get; set; }

    /// <summary>Credits taken from those that were bought.</summary>
    public int FromPermanent { get; set; }

    /// <summary>Whether the account has them again.</summary>
    public bool IsGivenBack { get; set; }
}
