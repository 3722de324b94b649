using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
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
        return Items(fakeBoundParameters["Provider"]?.ToString(), fakeBoundParameters["Model"]?.ToString())
            .Where(i => i.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(i => new CompletionResult(i.Text, i.Text, CompletionResultType.ParameterValue, i.Tip));
    }

    /// <summary>The words and what is said of each.</summary>
    private protected abstract IEnumerable<(string Text, string Tip)> Items(string? provider, string? model);

    private protected static IEnumerable<(Provider Provider, ModelRow Model)> Models(string? provider) =>
        ProviderRegistry.BuiltIn.Providers
            .Where(p => provider is null || string.Equals(p.Profile.Id, provider, StringComparison.OrdinalIgnoreCase))
            .SelectMany(p => p.Catalogue.Models.Where(m => m.Retired is null).Select(m => (p, m)));

    private protected static IEnumerable<ModelRow> Meant(string? provider, string? model) =>
        Models(provider).Select(m => m.Model).Where(m => model is null || m.IsNamed(model));
}

/// <summary>Completes provider names.</summary>
public sealed class ProviderCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(string? provider, string? model) =>
        ProviderRegistry.BuiltIn.Providers.Select(p => (p.Profile.Id, p.Profile.DisplayName));
}

/// <summary>Completes model names, of the provider where one is given.</summary>
public sealed class ModelCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(string? provider, string? model) =>
        // What a server of the user's own has is not known without asking it.
        Models(provider).Where(m => !m.Provider.Profile.NeedsBaseUrl).Select(m => (m.Model.Id, m.Model.BestFor is null ? m.Provider.Profile.Id : $"{m.Provider.Profile.Id}: {m.Model.BestFor}"));
}

/// <summary>Completes sizes.</summary>
public sealed class SizeCompleter : ListCompleter
{
    private static readonly string[] Common = ["1024x1024", "1536x1024", "1024x1536", "2048x2048"];

    private protected override IEnumerable<(string Text, string Tip)> Items(string? provider, string? model) =>
        Meant(provider, model).Where(m => m.Sizes is not null)
            .SelectMany(m => m.Sizes!.List.Count > 0 ? m.Sizes.List : Common.Where(t => Core.Requests.ImageSize.TryParse(t, out Core.Requests.ImageSize size) && m.Sizes.Allows(size)))
            .Distinct(StringComparer.Ordinal).Select(t => (t, t + " pixels"));
}

/// <summary>Completes words for quality.</summary>
public sealed class QualityCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(string? provider, string? model) =>
        Meant(provider, model).SelectMany(m => m.Qualities).Distinct(StringComparer.Ordinal).Select(q => (q, q));
}

/// <summary>Completes common aspect ratios.</summary>
public sealed class AspectRatioCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(string? provider, string? model) =>
        [("1:1", "square"), ("3:2", "photo, wide"), ("2:3", "photo, tall"), ("4:3", "screen"), ("3:4", "page"), ("16:9", "film, wide"), ("9:16", "phone, tall"), ("21:9", "cinema")];
}

/// <summary>Completes classes of size.</summary>
public sealed class ResolutionCompleter : ListCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Items(string? provider, string? model) =>
        [("1K", "about 1024 pixels a side"), ("2K", "about 2048 pixels a side"), ("4K", "about 4096 pixels a side")];
}
