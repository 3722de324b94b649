using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PSImageGen.Core;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;

namespace PSImageGen.Completers;

/// <summary>Completes from a list that is at hand: no network, no questions, no errors.</summary>
public abstract class ListCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ArgumentNullException.ThrowIfNull(fakeBoundParameters);
        string word = (wordToComplete ?? string.Empty).Trim('\'', '"');
        return Items(Typed.Of(commandName, fakeBoundParameters))
            .Where(i => i.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(i => new CompletionResult(Quoted(i.Text), i.Text, CompletionResultType.ParameterValue, i.Tip));
    }

    // What could mean something else to PowerShell needs quotes.
    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '.' or ':' or '/' or '-' or '_') ? text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>The words and what is said of each.</summary>
    private protected abstract IEnumerable<(string Text, string Tip)> Items(Typed typed);

    private protected static IEnumerable<(Provider Provider, ModelRow Model)> Models(Typed typed)
    {
        UserCatalogue own = Own();
        return ProviderRegistry.Current.Providers
            .Where(p => typed.Provider is null || string.Equals(p.Profile.Id, typed.Provider, StringComparison.OrdinalIgnoreCase))
            .SelectMany(p => own.Over(p, p.Catalogue).Models.Where(m => m.Retired is null && (typed.Operations.Count == 0 || typed.Operations.Any(m.Can))).Select(m => (p, m)));
    }

    private protected static IEnumerable<ModelRow> Meant(Typed typed) =>
        Models(typed).Select(m => m.Model).Where(m => typed.Model is null || m.IsNamed(typed.Model));

    // A mistake in it is said by the command, not here.
    private static UserCatalogue Own()
    {
        try
        {
            return UserCatalogue.Read(UserCatalogue.DefaultPath, ProviderRegistry.Current);
        }
        catch (AIImageException)
        {
            return UserCatalogue.None;
        }
    }
}

/// <summary>What stands on the command line already.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model.</param>
/// <param name="Operations">What the command may do; empty for anything.</param>
internal sealed record Typed(string? Provider, string? Model, IReadOnlyList<ImageOperation> Operations)
{
    /// <summary>The folder of the pictures.</summary>
    public string? OutputDirectory { get; private init; }

    private static readonly Dictionary<string, ImageOperation[]> ByCommand = new(StringComparer.OrdinalIgnoreCase)
    {
        ["New-AIImage"] = [ImageOperation.Generate],
        ["Measure-AIImageCost"] = [ImageOperation.Generate],
        ["Edit-AIImage"] = [ImageOperation.Img2Img, ImageOperation.Inpaint, ImageOperation.Outpaint],
        ["Resize-AIImage"] = [ImageOperation.Upscale],
        ["New-AIImageVariation"] = [ImageOperation.Vary],
        ["Convert-AIImageStyle"] = [ImageOperation.Style],
    };

    /// <summary>Reads the parameters bound so far.</summary>
    public static Typed Of(string command, IDictionary bound)
    {
        string? mode = (bound["Operation"] ?? bound["Mode"])?.ToString();
        ImageOperation[] operations = Enum.TryParse(mode, ignoreCase: true, out ImageOperation one) ? [one]
            : bound.Contains("Mask") ? [ImageOperation.Inpaint]
            : ByCommand.GetValueOrDefault(command) ?? [];
        return new Typed(bound["Provider"]?.ToString(), bound["Model"]?.ToString(), operations) { OutputDirectory = bound["OutputDirectory"]?.ToString() };
    }
}

/// <summary>Completes provider names.</summary>
public sealed class ProviderCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        ProviderRegistry.Current.Providers.Select(p => (p.Profile.Id, p.Profile.DisplayName));
}

/// <summary>Completes the names of providers that were registered.</summary>
public sealed class RegisteredCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        ProviderRegistry.Current.Providers.Where(p => p.Profile.Origin is not null).Select(p => (p.Profile.Id, p.Profile.Origin!)).Concat(ProviderRegistry.Current.Unreadable.Keys.Select(name => (name, name)));
}

/// <summary>Completes model names: of the provider where one is given, and of models that can do what the command does.</summary>
public sealed class ModelCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        // What a server of the user's own has is not known without asking it.
        Models(typed).Where(m => !m.Provider.Profile.NeedsBaseUrl).Select(m => (m.Model.Id, m.Model.BestFor is null ? m.Provider.Profile.Id : $"{m.Provider.Profile.Id}: {Words.OfData(m.Model.BestFor)}"));
}

/// <summary>Completes sizes.</summary>
public sealed class SizeCompleter : ListCompleter
{
    private static readonly string[] Common = ["1024x1024", "1536x1024", "1024x1536", "2048x2048"];

    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        Meant(typed).Where(m => m.Sizes is not null)
            .SelectMany(m => m.Sizes!.List.Count > 0 ? m.Sizes.List : Common.Where(t => Core.Requests.ImageSize.TryParse(t, out Core.Requests.ImageSize size) && m.Sizes.Allows(size)))
            .Distinct(StringComparer.Ordinal).Select(t => (t, Words.Of($"{t} pixels")));
}

/// <summary>Completes words for quality.</summary>
public sealed class QualityCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        Meant(typed).SelectMany(m => m.Qualities).Distinct(StringComparer.Ordinal).Select(q => (q, q));
}

/// <summary>Completes common aspect ratios.</summary>
public sealed class AspectRatioCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        [("1:1", Words.Of("square")), ("3:2", Words.Of("photo, wide")), ("2:3", Words.Of("photo, tall")), ("4:3", Words.Of("screen")), ("3:4", Words.Of("page")), ("16:9", Words.Of("film, wide")), ("9:16", Words.Of("phone, tall")), ("21:9", Words.Of("cinema"))];
}

/// <summary>Completes classes of size.</summary>
public sealed class ResolutionCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(Typed typed) =>
        [("1K", Words.Of("about 1024 pixels a side")), ("2K", Words.Of("about 2048 pixels a side")), ("4K", Words.Of("about 4096 pixels a side"))];
}
