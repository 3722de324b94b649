using PSImageGen.Core.Requests;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.Core.Tests.Support;

/// <summary>Pictures on disk to work on, made once, and the plainest request for each operation.</summary>
internal static class SamplePictures
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("psimagegen-samples-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    });

    private static readonly Lock Gate = new();

    /// <summary>The picture that is worked on: 96 by 64.</summary>
    public static string Source => Of("source");

    /// <summary>A mask of the same size.</summary>
    public static string Mask => Of("mask");

    /// <summary>A picture in another style.</summary>
    public static string Style => Of("style", "jpeg", 80, 80);

    /// <summary>A picture to follow.</summary>
    public static string Reference => Of("reference", "jpeg", 64, 64);

    public static string Of(string name, string format = "png", int width = 96, int height = 64)
    {
        string path = Path.Combine(Folder.Value, $"{name}-{width}x{height}.{format}");
        lock (Gate)
        {
            if (!File.Exists(path))
                File.WriteAllBytes(path, TinyImages.Make(format, width, height, name));
        }

        return path;
    }

    /// <summary>What an operation needs, and nothing else; with so many pictures to follow.</summary>
    public static RequestDraft Draft(ImageOperation operation, int references = 0) => new()
    {
        Prompt = operation is ImageOperation.Upscale ? null : "a fox",
        Image = operation == ImageOperation.Generate ? null : Source,
        Mask = operation == ImageOperation.Inpaint ? Mask : null,
        StyleImage = operation == ImageOperation.Style ? Style : null,
        Left = operation == ImageOperation.Outpaint ? 32 : null,
        Down = operation == ImageOperation.Outpaint ? 64 : null,
        Scale = operation == ImageOperation.Upscale ? 2 : null,
        ReferenceImages = references > 0 ? [.. Enumerable.Repeat(Reference, references)] : null,
    };
}
