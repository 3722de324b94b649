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
    /// <param name="name">What the user calls it, where that is not the path.</param>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: missing, unreadable, truncated or no picture; or a link that carries a password.</exception>
    public static InputImage From(string source, string? name = null)
    {
        if (Uri.TryCreate(source, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            // It would be passed on to the vendor and written into the record.
            return url.UserInfo.Length == 0 ? new InputImage(null, url, null, 0) : throw Errors.LinkWithPassword(url);
        }

        name ??= source;

        try
        {
            using FileStream file = new(source, FileMode.Open, FileAccess.Read, FileShare.Read);
            ImageInfo info = ImageProbe.Identify(file) ?? throw Errors.NotAnImage(name);
            return info.Complete ? new InputImage(System.IO.Path.GetFullPath(source), null, info, file.Length) : throw Errors.ImageTruncated(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Directory.Exists(source) ? Errors.ImageIsFolder(source) : Errors.ImageUnreadable(name, e);
        }
    }

    /// <summary>A picture that is yet to be made, to plan with: it cannot be sent.</summary>
    /// <param name="size">The size it will have.</param>
    public static InputImage Expected(ImageSize size) => new("(yet to be made)", null, new ImageInfo("png", "png", "image/png", size.Width, size.Height, Complete: true), 0);

    /// <inheritdoc/>
    public override string ToString() => Path ?? Url!.ToString();
}
