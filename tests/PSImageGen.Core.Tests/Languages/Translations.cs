using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Languages;

/// <summary>The texts in the sources, the catalogues and the views, and their translations as they stand in the file.</summary>
internal static partial class Translations
{
    // Methods whose texts users read, and what holds such texts.
    private static readonly string[] Tellers =
        ["WriteWarning", "Warn", "Make", "Invalid", "Unsupported", "Unusable", "ShouldProcess", "CatalogueMistake", "PreferenceInvalid", "PreferencesUnreadable", "NotOffered", "NotFetched", "Checked", "Wrong"];
    private static readonly string[] Holders = ["Message", "Recommendation", "Advice", "Hint", "Seen", "Note", "Reason"];
    private static readonly string[] Exceptions = ["AIImageException", "ExchangeException", "InvalidDataException", "ArgumentTransformationMetadataException"];
    private static readonly string[] Lists = ["notes", "warnings"];

    /// <summary>The entries of the file: English and Chinese.</summary>
    public static IReadOnlyList<(string Key, string Chinese)> Entries { get; } =
    [
        .. XDocument.Load(Path.Combine(Repository.Root, "src", "PSImageGen.Core", "Strings.zh-Hans.resx"), LoadOptions.PreserveWhitespace).Root!.Elements("data")
            .Select(d => ((string)d.Attribute("name")!, (string)d.Element("value")!)),
    ];

    private static readonly IReadOnlyList<SyntaxNode> Sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(p => !p.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Select(p => CSharpSyntaxTree.ParseText(File.ReadAllText(p), path: Path.GetRelativePath(Repository.Root, p)).GetRoot()),
    ];

    /// <summary>Every text that is looked up, with where it stands.</summary>
    public static IReadOnlyDictionary<string, string> Texts()
    {
        Dictionary<string, string> texts = [];
        foreach (ExpressionSyntax text in Lookups())
        {
            if (Key(text) is { } key)
                texts.TryAdd(key, Place(text));
        }

        foreach (ModelRow model in ProviderRegistry.BuiltIn.Providers.SelectMany(p => p.Catalogue.Models))
        {
            foreach (string text in model.Emulates.Values.Concat(model.Needs.Values).Append(model.BestFor).Append(model.Retired).OfType<string>())
                texts.TryAdd(text, "the catalogue row of " + model.Id);
        }

        foreach (string status in Enum.GetNames<ImageTaskStatus>())
            texts.TryAdd(status.ToLowerInvariant(), nameof(ImageTaskStatus));
        XDocument views = XDocument.Load(Path.Combine(Repository.Root, "module", "PSImageGen.Format.ps1xml"));
        foreach (string word in views.Descendants("TableColumnHeader").Elements("Label").Select(l => l.Value).Concat(views.Descendants("ScriptBlock").SelectMany(s => Quoted().Matches(s.Value).Select(m => m.Groups[1].Value).Where(w => Word().IsMatch(w)))))
            texts.TryAdd(word, "a view");
        return texts;
    }

    /// <summary>Lookups of something that is no text of the source.</summary>
    public static IEnumerable<string> Unreadable() => Lookups().Where(text => Key(text) is null).Select(Place);

    /// <summary>Lookups whose result stays for the life of the process, whatever the language of a session.</summary>
    public static IEnumerable<string> Frozen() =>
        Lookups().Where(text => text.Ancestors().Any(a => (a is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.StaticKeyword))
            || (a is PropertyDeclarationSyntax { Initializer: not null } property && property.Modifiers.Any(SyntaxKind.StaticKeyword)))).Select(Place);

    /// <summary>Texts that go to users without being looked up.</summary>
    public static IEnumerable<string> Bypasses()
    {
        foreach (SyntaxNode node in Sources.SelectMany(s => s.DescendantNodes()))
        {
            IEnumerable<ExpressionSyntax> told = node switch
            {
                InvocationExpressionSyntax call when IsTeller(call) => call.ArgumentList.Arguments.Select(a => a.Expression),
                ObjectCreationExpressionSyntax { ArgumentList: { } made } created when Exceptions.Contains(created.Type.ToString()) => made.Arguments.Select(a => a.Expression),
                AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } set when Holders.Contains(name.Identifier.Text) => [set.Right],
                // What is put into a text that is looked up must be so itself.
                InvocationExpressionSyntax lookup when IsLookup(lookup) => lookup.ArgumentList.Arguments.Select(a => a.Expression).OfType<InterpolatedStringExpressionSyntax>().SelectMany(i => i.Contents).OfType<InterpolationSyntax>().Select(i => i.Expression),
                _ => [],
            };
            foreach (SyntaxNode raw in told.SelectMany(e => e.DescendantNodesAndSelf(inner => inner is not InvocationExpressionSyntax call || !(IsLookup(call) || Name(call) is "Contains" or "StartsWith" or "EndsWith"))).Where(n => IsProse(n) && n.Parent is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression }))
                yield return Place(raw);
        }
    }

    /// <summary>The slots of a text with their formats, in order.</summary>
    public static IEnumerable<string> Slots(string text) => Slot().Matches(text.Replace("{{", string.Empty, StringComparison.Ordinal).Replace("}}", string.Empty, StringComparison.Ordinal)).Select(m => m.Value).Order(StringComparer.Ordinal);

    private static IEnumerable<ExpressionSyntax> Lookups() =>
        Sources.SelectMany(s => s.DescendantNodes()).OfType<InvocationExpressionSyntax>().Where(IsLookup).Select(c => c.ArgumentList.Arguments[0].Expression);

    // In the class of the lookups themselves they have no name before them, and take what others give.
    private static bool IsLookup(InvocationExpressionSyntax call) =>
        call.Expression.ToString() is "Words.Of" or "Core.Words.Of" or "Language.Of"
        || (call.Expression.ToString() == "Of" && Path.GetFileName(call.SyntaxTree.FilePath) == "Words.cs" && Key(call.ArgumentList.Arguments[0].Expression) is not null);

    private static bool IsTeller(InvocationExpressionSyntax call) =>
        Tellers.Contains(Name(call)) || (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Add" } add && Lists.Contains(add.Expression.ToString()));

    private static string Name(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax member ? member.Name.Identifier.Text : call.Expression.ToString();

    private static bool IsProse(SyntaxNode node) => node switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value is string text && Prose().IsMatch(text),
        InterpolatedStringExpressionSyntax text => text.Contents.OfType<InterpolatedStringTextSyntax>().Any(t => Prose().IsMatch(t.TextToken.ValueText)),
        _ => false,
    };

    private static string? Key(ExpressionSyntax text)
    {
        if (text is LiteralExpressionSyntax literal)
            return literal.Token.Value as string;
        if (text is not InterpolatedStringExpressionSyntax interpolated)
            return null;
        StringBuilder key = new();
        int slots = 0;
        foreach (InterpolatedStringContentSyntax part in interpolated.Contents)
        {
            // The value of a text between slots has its braces doubled still, as the key has.
            key.Append(part is InterpolationSyntax slot
                ? string.Create(CultureInfo.InvariantCulture, $"{{{slots++}{slot.FormatClause}}}")
                : ((InterpolatedStringTextSyntax)part).TextToken.ValueText);
        }

        return key.ToString();
    }

    private static string Place(SyntaxNode node) =>
        string.Create(CultureInfo.InvariantCulture, $"{node.SyntaxTree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {node}");

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?=[a-z{]).*[A-Za-z]{2}")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{[0-9]+(:[^{}]*)?\}")]
    private static partial Regex Slot();

    // Two words with a space between them.
    [GeneratedRegex(@"[A-Za-z]\p{P}* +\p{P}*[A-Za-z]|^ +[A-Za-z]|[A-Za-z]\p{P}* +$")]
    private static partial Regex Prose();
}
