using PSImageGen.Core.Artifacts;

namespace PSImageGen.Core.Requests;

/// <summary>A picture that goes in: a file on disk, or a link that the vendor or the Engine fetches.</summary>
public sealed record InputImage
{
    private InputImage(string? path, Uri? url, ImageInfo? info, long length)
    {
        Path = path;
        Url = url;
        Info = info;
        Length = length;
    }

    /// <summary>The full path of a local file; null for a link.</summary>
    public string? Path { get; }

    /// <summary>The link; null for a local file.</summary>
    public Uri? Url { get; }

    /// <summary>What the bytes of a local file are; null for a link.</summary>
    public ImageInfo? Info { get; }

    /// <summary>The length of a local file in bytes; 0 for a link.</summary>
    public long Length { get; }

    /// <summary>Looks at a file or link.</summary>
    /// <param name="source">A full path, or an http(s) URL.</param>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: missing, unreadable, truncated or no picture.</exception>
    public static InputImage From(string source)
    {
        if (Uri.TryCreate(source, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            return new InputImage(null, url, null, 0);

        try
        {
            using FileStream file = new(source, FileMode.Open, FileAccess.Read, FileShare.Read);
            ImageInfo info = ImageProbe.Identify(file) ?? throw Errors.NotAnImage(source);
            return info.Complete ? new InputImage(System.IO.Path.GetFullPath(source), null, info, file.Length) : throw Errors.ImageTruncated(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Errors.ImageUnreadable(source, e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Path ?? Url!.ToString();
}
