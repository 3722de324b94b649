using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Planning;

/// <summary>Which of our parameters stands for a field of the vendor, so that a field is not said twice, nor in a place where it would not be counted.</summary>
internal static class OptionParameters
{
    /// <summary>The parameter for a field of a model; null where there is none.</summary>
    public static string? Of(ModelRow model, string field) =>
        model.Fields.FirstOrDefault(f => f.Value.TrimEnd('[', ']', '#') == field && char.IsAsciiLetter(f.Key[0])).Key is { } key && Of(key) is { Length: > 0 } parameter ? parameter : null;

    /// <summary>The parameter that a key of <see cref="ModelRow.Fields"/> writes; empty where there is none.</summary>
    public static string Of(string key) => key switch
    {
        "model" => "-Model",
        "prompt" => "-Prompt",
        "negativePrompt" => "-NegativePrompt",
        "aspectRatio" => "-AspectRatio",
        "resolution" => "-Resolution",
        "size" or "width" or "height" or "sizeObject" => "-Size",
        "count" => "-Count",
        "seed" => "-Seed",
        "quality" => "-Quality",
        "format" => "-Format",
        "background" => "-Background",
        "strength" or "keep" => "-Strength",
        "scale" => "-Scale",
        "image" or "references" => "-ReferenceImage",
        "mask" => "-Mask",
        "style" => "-StyleImage",
        _ => string.Empty,
    };

    /// <summary>Whether a request says what a key of <see cref="ModelRow.Fields"/> writes.</summary>
    public static bool IsGiven(ImageRequest request, string key) => key switch
    {
        "negativePrompt" => request.NegativePrompt is not null,
        "aspectRatio" => request.AspectRatio is not null || request.Size is not null,
        "resolution" => request.Resolution is not null || request.Size is not null,
        "size" or "width" or "height" => request.Size is not null || request.AspectRatio is not null || request.Resolution is not null,
        "quality" => request.Quality is not null,
        "format" => request.Format is not null,
        "background" => request.Background is not null,
        _ => false,
    };
}
