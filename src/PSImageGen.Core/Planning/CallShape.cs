using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>A request fitted to one model: exactly what will be asked, with every limit already checked.</summary>
public sealed class CallShape
{
    // How many partial pictures to ask for where they shall be saved and no number is given.
    private const int DefaultPartials = 2;

    /// <summary>What stands before the negative prompt where it has to go into the prompt.</summary>
    internal const string Avoid = "\n\nAvoid: ";

    /// <summary>Fits a request to a model.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, <c>InvalidImage</c> or <c>Unsupported</c>, naming what the model offers.</exception>
    public CallShape(string provider, ModelRow model, ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        Provider = provider;
        Model = model;
        Request = request;
        List<string> notes = model.AskedLike is { } like ? [Words.Of($"{model.Id} is not in the catalogue: its price and limits are not known, and it is asked like {like}")] : [];
        if (model.Similar.Count > 0)
            notes.Add(Words.Of($"its name is similar to {Words.List(model.Similar)}"));
        if (!model.Operations.Contains(request.Operation) && model.Emulates.TryGetValue(request.Operation.ToString(), out string? roundabout))
            notes.Add(Words.OfData(roundabout));

        Prompt = ComposePrompt(provider, model, request, notes);
        int length = Prompt.EnumerateRunes().Count();
        if (length > model.MaxPrompt)
            throw Errors.PromptTooLong(provider, model, length, model.MaxPrompt.Value);

        Frame frame = Frame.Of(provider, model, request);
        // What an option says in a parameter's place is what will be asked.
        bool sized = SetByOption(model, request, "size", "width", "height") is not null;
        Size = sized ? null : frame.Size;
        Ratio = SetByOption(model, request, "aspectRatio") is not { } shape ? sized ? null : frame.Ratio : AspectRatio.TryParse(shape, out AspectRatio ratio) ? ratio : null;
        RatioWord = frame.RatioWord;
        Resolution = SetByOption(model, request, "resolution") ?? frame.Resolution;
        Margins = frame.Margins;
        Scale = frame.Scale;
        ExactSize = frame.ExactSize;
        OtherSize = frame.Differs && frame.ExactSize is null;
        notes.AddRange(frame.Notes);

        Quality = SetByOption(model, request, "quality") ?? Match(model, "Quality", request.Quality, model.Qualities) ?? Offered(request.DefaultQuality, model.Qualities) ?? model.DefaultQuality;
        if (request.Format is { } format && !model.Formats.Contains(format))
            throw Errors.NotOffered(provider, model, "Format", format.ToString().ToLowerInvariant(), model.Formats.Select(f => f.ToString().ToLowerInvariant()));
        Format = ExactSize is null ? request.Format ?? UsualFormat(model, request) ?? model.DefaultFormat : WorkableFormat(provider, model, request, notes);
        if (request.Background is { } background && background != ImageBackground.Auto && !model.Backgrounds.Contains(background))
            throw Errors.NotOffered(provider, model, "Background", background.ToString(), model.Backgrounds.Select(b => b.ToString()));
        if (request.Seed is not null && !model.Seed)
            throw Errors.Unsupported(provider, Words.Of($"{model.Id} takes no seed."), Words.Of("Leave out -Seed, or choose a model that takes one."));
        if (request.Seed is { } seed && (seed < model.MinSeed || seed > model.MaxSeed - (request.Count - 1)))
            throw Errors.SeedOutOfRange(provider, model, seed);
        if (request.Seed is not null && request.Count > 1)
            notes.Add(Words.Of("the seed counts up by one for each picture"));

        Strength = StrengthOf(model, request, notes);
        List<string> warnings = [];
        Inputs = InputPlan.Of(provider, model, request, Margins, notes, warnings);
        CheckOptions(provider, model, request, wordsOnly: Inputs.Count == 0);
        Partials = PartialsOf(model, request, warnings);
        Warnings = warnings;
        Notes = [.. notes, .. warnings];
    }

    /// <summary>The provider's id.</summary>
    public string Provider { get; }

    /// <summary>The model.</summary>
    public ModelRow Model { get; }

    /// <summary>What was asked for.</summary>
    public ImageRequest Request { get; }

    /// <summary>The prompt as it will be sent; empty when none is.</summary>
    public string Prompt { get; }

    /// <summary>The pixels that will come out, where they are known; asked for where the model takes pixels.</summary>
    public ImageSize? Size { get; }

    /// <summary>The ratio that will come out.</summary>
    public AspectRatio? Ratio { get; }

    /// <summary>The vendor's word for "as the picture that goes in", where that is asked for.</summary>
    public string? RatioWord { get; }

    /// <summary>The class of size that will be asked for, such as <c>2K</c>; null where the model takes pixels or nothing.</summary>
    public string? Resolution { get; }

    /// <summary>By how much the picture is continued on each side.</summary>
    public Margins Margins { get; }

    /// <summary>How many times larger it will be asked for.</summary>
    public int? Scale { get; }

    /// <summary>The pixels (<c>1820x1024</c>) or the shape (<c>21:9</c>) to which the result is brought here; null to keep it as it comes.</summary>
    public string? ExactSize { get; }

    /// <summary>Whether a size or shape was asked for and another comes, the nearest the model makes.</summary>
    public bool OtherSize { get; }

    /// <summary>How much may change, 0 to 1; null where the model cannot be told, or the user left it to the model.</summary>
    public double? Strength { get; }

    /// <summary>How much the references weigh; null where the model cannot be told.</summary>
    public double? ReferenceWeight => Model.Weights.TryGetValue(Request.ConsistencyMode, out double weight) ? weight : null;

    /// <summary>The vendor's spelling of the quality that will be asked for; null to leave it to the model.</summary>
    public string? Quality { get; }

    /// <summary>The file format that will be asked for; null to leave it to the model.</summary>
    public ImageFormat? Format { get; }

    /// <summary>The images that go in, in the order in which they are sent, and what is done to each of them first.</summary>
    public IReadOnlyList<PlannedInput> Inputs { get; }

    /// <summary>How many partial pictures are sent on the way to each picture.</summary>
    public int Partials { get; }

    /// <summary>How many pictures one order makes. A stream of partial pictures is promised for a single one only.</summary>
    public int PerOrder => Partials > 0 ? 1 : Model.MaxPerCall;

    /// <summary>What differs from the wish, to be said before paying.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Those of the notes that must not be overlooked: something that was given is not honoured.</summary>
    public IReadOnlyList<string> Warnings { get; }

    private static string ComposePrompt(string provider, ModelRow model, ImageRequest request, List<string> notes)
    {
        if (model.Prompt == PromptUse.None)
        {
            if (request.Prompt.Length > 0 || request.Style is not null || request.NegativePrompt is not null)
                notes.Add(Words.Of("this model takes no words: the prompt is not used"));
            return string.Empty;
        }

        if (request.Prompt.Length == 0 && request.Operation is ImageOperation.Img2Img or ImageOperation.Inpaint)
            throw Errors.PromptMissing(request.Operation);
        string words = model.Prompts.TryGetValue(request.Operation, out string? template)
            ? template.Replace("{degree}", Degree(request.Strength), StringComparison.Ordinal).Replace("{prompt}", request.Prompt, StringComparison.Ordinal).Trim()
            : request.Prompt;
        if (words.Length == 0 && model.Prompt == PromptUse.Required)
            throw Errors.PromptNeeded(provider, model);
        StringBuilder prompt = new(words);
        if (request.Style is not null)
        {
            prompt.Append("\n\nStyle: ").Append(request.Style);
            notes.Add(Words.Of("the style is added to the prompt"));
        }

        if (request.NegativePrompt is not null && !model.NegativePrompt)
        {
            prompt.Append(Avoid).Append(request.NegativePrompt);
            notes.Add(Words.Of("the negative prompt is added to the prompt: this model has no field for it"));
        }

        return prompt.ToString();
    }

    // What is worked on here afterwards is written as a PNG, so it is better not to come with the losses of another format.
    private static ImageFormat? WorkableFormat(string provider, ModelRow model, ImageRequest request, List<string> notes)
    {
        if (model.Formats.Count > 0 && !model.Formats.Any(f => f is ImageFormat.Png or ImageFormat.Jpeg))
            throw Errors.SizeNotMadeHere(provider, model);
        if (request.Format is not (null or ImageFormat.Png))
            notes.Add(Words.Of("a picture that is brought to its size here becomes a PNG"));
        return model.Formats.Contains(ImageFormat.Png) ? ImageFormat.Png : model.Formats.Contains(ImageFormat.Jpeg) ? ImageFormat.Jpeg : model.DefaultFormat;
    }

    // A preference is no order: where it does not go together with the rest it does not count.
    private static ImageFormat? UsualFormat(ModelRow model, ImageRequest request) =>
        request.DefaultFormat is { } usual && model.Formats.Contains(usual) && !(usual == ImageFormat.Jpeg && request.Background == ImageBackground.Transparent) ? usual : null;

    private static string Degree(double? strength) => strength switch
    {
        < 0.34 => "slightly",
        > 0.66 => "strongly",
        _ => "clearly",
    };

    // Where the model leaves it open, half way and a little more is what people expect of each operation.
    private static double? StrengthOf(ModelRow model, ImageRequest request, List<string> notes)
    {
        if (model.Strength)
        {
            return request.Strength ?? request.Operation switch
            {
                ImageOperation.Img2Img => 0.75,
                ImageOperation.Vary => 0.5,
                ImageOperation.Style => 0.7,
                _ => null,
            };
        }

        if (request.Strength is not null && !model.TakesDegree(request.Operation))
            notes.Add(Words.Of("this model cannot be told how much may change: that follows from the words alone"));
        return null;
    }

    private string? Match(ModelRow model, string parameter, string? wish, IReadOnlyList<string> offered) =>
        wish is null ? null : Offered(wish, offered) ?? throw Errors.NotOffered(Provider, model, parameter, wish, offered);

    private static string? Offered(string? wish, IReadOnlyList<string> offered) => offered.FirstOrDefault(o => string.Equals(o, wish, StringComparison.OrdinalIgnoreCase));

    private static int PartialsOf(ModelRow model, ImageRequest request, List<string> warnings)
    {
        int partials = request.ProviderOptions?[ModelRow.PartialsOption] is { } asked ? (int)decimal.Parse(asked.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : request.SavePartials ? Math.Min(DefaultPartials, model.MaxPartials)
            : 0;
        if (request.SavePartials && partials == 0)
            warnings.Add(model.MaxPartials == 0
                ? Words.Of("there will be no partial pictures to save: this model sends none")
                : Words.Of($"there will be no partial pictures to save: {ModelRow.PartialsOption} is 0"));
        return partials;
    }

    private static string? SetByOption(ModelRow model, ImageRequest request, params IReadOnlyList<string> keys) =>
        request.ProviderOptions?.FirstOrDefault(o => model.Options.TryGetValue(o.Key, out OptionRule? rule) && rule.Sets is { } key && keys.Contains(key)).Value?.ToString();

    private static void CheckOptions(string provider, ModelRow model, ImageRequest request, bool wordsOnly)
    {
        JsonObject options = request.ProviderOptions ?? [];
        string[] missing = [.. model.Options.Where(o => o.Value.Required && options[o.Key] is null).Select(o => o.Key)];
        if (missing.Length > 0)
            throw Errors.OptionsMissing(provider, model, missing);
        foreach ((string name, JsonNode? value) in options)
        {
            if (!model.Options.TryGetValue(name, out OptionRule? rule) || (rule.WordsOnly && !wordsOnly))
            {
                throw OptionParameters.Of(model, name) is { } own
                    ? Errors.OptionIsParameter(provider, model, name, own)
                    : Errors.UnknownOption(provider, model, name, model.Options.Where(o => wordsOnly || !o.Value.WordsOnly).Select(o => o.Key).Order(StringComparer.Ordinal));
            }

            if (rule.Sets is { } key && OptionParameters.IsGiven(request, key))
                throw Errors.OptionGivenTwice(provider, name, OptionParameters.Of(key));
            if (!rule.Accepts(value))
                throw Errors.OptionValue(provider, model, name, rule.ToString());
        }
    }
}
