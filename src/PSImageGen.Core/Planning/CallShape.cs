using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>A request fitted to one model: exactly what will be asked, with every limit already checked.</summary>
public sealed class CallShape
{
    /// <summary>Fits a request to a model.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>, <c>InvalidImage</c> or <c>Unsupported</c>, naming what the model offers.</exception>
    public CallShape(string provider, ModelRow model, ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        Provider = provider;
        Model = model;
        Request = request;
        List<string> notes = [];

        Prompt = ComposePrompt(model, request, notes);
        int length = Prompt.EnumerateRunes().Count();
        if (length > model.MaxPrompt)
            throw Errors.PromptTooLong(provider, model, length, model.MaxPrompt.Value);

        if (model.Sizes is null && Asked(request) is { } asked)
            throw Errors.NotOffered(provider, model, asked.Parameter, asked.Value, []);
        ChosenSize? chosen = model.Sizes?.Choose(provider, model, request);
        Size = chosen?.Size;
        Ratio = chosen?.Ratio;
        Resolution = chosen?.Resolution;
        if (chosen?.Note is { } note)
            notes.Add(note);

        Quality = Match(model, "Quality", request.Quality, model.Qualities) ?? model.DefaultQuality;
        Format = request.Format ?? model.DefaultFormat;
        if (request.Format is { } format && !model.Formats.Contains(format))
            throw Errors.NotOffered(provider, model, "Format", format.ToString().ToLowerInvariant(), model.Formats.Select(f => f.ToString().ToLowerInvariant()));
        if (request.Background is { } background && background != ImageBackground.Auto && !model.Backgrounds.Contains(background))
            throw Errors.NotOffered(provider, model, "Background", background.ToString(), model.Backgrounds.Select(b => b.ToString()));
        if (request.Seed is not null && !model.Seed)
            throw Errors.Unsupported(provider, $"{model.Id} takes no seed.", "Leave out -Seed, or choose a model that takes one.");
        if (request.Seed is not null && request.Count > 1)
            notes.Add("the seed counts up by one for each picture");

        CheckReferences(provider, model, request, notes);
        CheckOptions(provider, model, request.ProviderOptions);
        Notes = notes;
    }

    /// <summary>The provider's id.</summary>
    public string Provider { get; }

    /// <summary>The model.</summary>
    public ModelRow Model { get; }

    /// <summary>What was asked for.</summary>
    public ImageRequest Request { get; }

    /// <summary>The prompt as it will be sent.</summary>
    public string Prompt { get; }

    /// <summary>The pixels that will be asked for; null where the model takes only a ratio, or nothing.</summary>
    public ImageSize? Size { get; }

    /// <summary>The ratio that will come out.</summary>
    public AspectRatio? Ratio { get; }

    /// <summary>The class of size that will be asked for, such as <c>2K</c>; null where the model takes pixels or nothing.</summary>
    public string? Resolution { get; }

    /// <summary>The vendor's spelling of the quality that will be asked for; null to leave it to the model.</summary>
    public string? Quality { get; }

    /// <summary>The file format that will be asked for; null to leave it to the model.</summary>
    public ImageFormat? Format { get; }

    /// <summary>What differs from the wish, to be said before paying.</summary>
    public IReadOnlyList<string> Notes { get; }

    private static string ComposePrompt(ModelRow model, ImageRequest request, List<string> notes)
    {
        StringBuilder prompt = new(request.Prompt);
        if (request.Style is not null)
        {
            prompt.Append("\n\nStyle: ").Append(request.Style);
            notes.Add("the style is added to the prompt");
        }

        if (request.NegativePrompt is not null && !model.NegativePrompt)
        {
            prompt.Append("\n\nAvoid: ").Append(request.NegativePrompt);
            notes.Add("the negative prompt is added to the prompt: this model has no field for it");
        }

        return prompt.ToString();
    }

    // What of a size is asked for; null when nothing is.
    private static (string Parameter, string Value)? Asked(ImageRequest request) =>
        request.Size is { } size ? ("Size", size.ToString())
        : request.Resolution is { } k ? ("Resolution", $"{k}K")
        : request.AspectRatio is { } ratio ? ("AspectRatio", ratio.ToString())
        : null;

    private string? Match(ModelRow model, string parameter, string? wish, IReadOnlyList<string> offered) =>
        wish is null ? null : offered.FirstOrDefault(o => string.Equals(o, wish, StringComparison.OrdinalIgnoreCase)) ?? throw Errors.NotOffered(Provider, model, parameter, wish, offered);

    private static void CheckReferences(string provider, ModelRow model, ImageRequest request, List<string> notes)
    {
        if (request.ReferenceImages.Count > model.MaxReferences)
            throw Errors.TooManyReferences(provider, model, request.ReferenceImages.Count, model.MaxReferences);
        foreach (InputImage image in request.ReferenceImages.Where(i => i.Path is not null))
        {
            if (model.InputFormats.Count > 0 && !model.InputFormats.Contains(image.Info!.Format, StringComparer.Ordinal))
                throw Errors.ImageUnsupported(image, model, model.InputFormats);
            if (image.Length > model.MaxInputBytes)
                throw Errors.ImageTooLarge(image, model, model.MaxInputBytes.Value);
        }

        if (request.ReferenceImages.Count > 0 && request.ConsistencyMode == ConsistencyMode.Loose)
            notes.Add("this model has no setting for loose consistency: the references count as usual");
    }

    private static void CheckOptions(string provider, ModelRow model, JsonObject? options)
    {
        foreach ((string name, JsonNode? value) in options ?? [])
        {
            if (!model.Options.TryGetValue(name, out OptionRule? rule))
                throw Errors.UnknownOption(provider, model, name, model.Options.Keys.Order(StringComparer.Ordinal));
            if (!rule.Accepts(value))
                throw Errors.OptionValue(provider, model, name, rule.ToString());
        }
    }
}
