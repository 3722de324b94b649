namespace PSImageGen.Core.OpenApi;

/// <summary>Which field of a schema means which of our parameters: by its name as vendors spell it, and only where its values can be that.</summary>
internal sealed class FieldMeaning
{
    // The first name that is there counts. Written without dashes and underscores.
    private static readonly (string Key, string[] Names, string[] Types)[] Known =
    [
        ("model", ["model", "modelid", "modelname"], ["string"]),
        ("prompt", ["prompt", "textprompt", "text", "inputprompt"], ["string"]),
        ("negativePrompt", ["negativeprompt"], ["string"]),
        ("aspectRatio", ["aspectratio", "ratio"], ["string"]),
        ("resolution", ["resolution", "imageresolution", "imagesize", "size"], ["string"]),
        ("size", ["size", "imagesize", "dimensions", "outputsize"], ["string"]),
        ("width", ["width", "imagewidth"], ["integer", "number"]),
        ("height", ["height", "imageheight"], ["integer", "number"]),
        ("count", ["n", "numimages", "numberofimages", "numoutputs", "imagecount", "count", "batchsize", "samples", "numberresults"], ["integer", "number"]),
        ("seed", ["seed"], ["integer", "number"]),
        ("quality", ["quality", "imagequality"], ["string"]),
        ("format", ["outputformat", "imageformat", "format", "fileformat"], ["string"]),
        ("background", ["background"], ["string"]),
        ("strength", ["strength", "denoisingstrength", "promptstrength"], ["number"]),
        ("keep", ["imagestrength"], ["number"]),
        ("scale", ["scale", "upscalefactor", "scalefactor", "upscale", "factor"], ["integer", "number"]),
        ("mask", ["mask", "maskurl", "maskimage", "maskimageurl"], ["string"]),
        ("style", ["styleimage", "styleimageurl", "stylereference", "styleurl"], ["string"]),
        ("image", ["image", "imageurl", "inputimage", "inputimageurl", "initimage", "sourceimage", "imageprompt", "imageurls", "images", "inputimages", "imageinput", "referenceimages", "referenceimageurls", "inputurls"], ["string", "array"]),
        ("references", ["referenceimages", "referenceimageurls", "imageurls", "images", "inputimages", "imageinput", "inputreferences", "referenceimage", "referenceimageurl"], ["string", "array"]),
    ];

    private readonly Dictionary<string, ApiField> _fields = [];

    /// <summary>Looks at the fields of a body.</summary>
    public FieldMeaning(IReadOnlyList<ApiField> fields)
    {
        All = fields;
        foreach ((string key, string[] names, string[] types) in Known)
        {
            IEnumerable<ApiField> named = names.Select(n => fields.FirstOrDefault(f => Bare(f.Name) == n)).OfType<ApiField>();
            if (named.FirstOrDefault(f => types.Any(f.Schema.Takes) && (!f.Schema.Takes("array") || TakesTexts(f.Schema))) is { } field)
                _fields[key] = field;
        }

        // What is a picture in one body is not its count or its size in another.
        CountLike = [.. fields.Where(f => Known.Single(k => k.Key == "count").Names.Contains(Bare(f.Name)) && (f.Schema.Takes("integer") || f.Schema.Takes("number"))).Select(f => f.Name)];
        // input_image, input_image_2, input_image_3 …
        if (this["image"] is { } first)
            Numbered = [.. fields.Where(f => f.Name.Length > first.Name.Length + 1 && f.Name.StartsWith(first.Name + "_", StringComparison.Ordinal) && f.Name[(first.Name.Length + 1)..].All(char.IsAsciiDigit)).Select(f => f.Name)];
    }

    /// <summary>All fields.</summary>
    public IReadOnlyList<ApiField> All { get; }

    /// <summary>Those that say how many pictures are made.</summary>
    public IReadOnlyList<string> CountLike { get; }

    /// <summary>Those that take one more picture each, beside the one for the first.</summary>
    public IReadOnlyList<string> Numbered { get; } = [];

    /// <summary>The field with a meaning; null when there is none. The keys are those of <see cref="Providers.FieldMap"/>.</summary>
    public ApiField? this[string key] => _fields.GetValueOrDefault(key);

    /// <summary>Whether a field takes a list of texts.</summary>
    public static bool IsList(ApiField field) => field.Schema.Takes("array") && field.Schema.Variants.Any(v => v.Types.Contains("array"));

    /// <summary>The most items a list takes; null where the document does not say.</summary>
    public static int? MostItems(ApiField field) => field.Schema.Variants.Where(v => v.Types.Contains("array")).Select(v => v.MaxItems).FirstOrDefault();

    private static bool TakesTexts(ApiSchema schema) =>
        schema.Takes("string") || schema.Variants.Where(v => v.Types.Contains("array")).Any(v => v.Items?.Takes("string") != false);

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
