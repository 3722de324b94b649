using System.Buffers.Binary;
using System.Text.RegularExpressions;
using PSImageGen.FakeProviders.Images;

namespace PSImageGen.FakeProviders.Inputs;

/// <summary>A picture that an input names, or why it is none.</summary>
internal sealed partial record InputImage(ImageFacts? Facts, byte[]? Bytes = null, string? MediaType = null, string? Message = null, string? Type = null)
{
    /// <summary>Nothing is fetched from outside: a picture behind a link is taken to be of ordinary size.</summary>
    public static InputImage BehindLink { get; } = new(new ImageFacts("jpeg", 1024, 1024, HasAlpha: false));

    public static InputImage Bad(string message, string type) => new(null, Message: message, Type: type);

    public static InputImage From(byte[] bytes, string? mediaType) => Probe(bytes) is { } facts
        ? new InputImage(facts, bytes, mediaType)
        : new InputImage(null, bytes, mediaType, "The file could not be read as an image", "image_load_error");

    /// <summary>The picture in a data URI; null when the text is none.</summary>
    public static InputImage? FromDataUri(string text, long mostBytes = long.MaxValue)
    {
        if (!text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return null;
        Match match = DataUri().Match(text);
        byte[] bytes = new byte[text.Length];
        if (!match.Success || !Convert.TryFromBase64String(text[match.Length..], bytes, out int length))
            return Bad("The data URI is malformed", "image_load_error");
        return length > mostBytes
            ? Bad($"The data URI holds {length} bytes, more than the {mostBytes} allowed", "file_too_large")
            : From(bytes[..length], match.Groups["type"].Value);
    }

    public static bool IsLink(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);

    private static ImageFacts? Probe(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("GIF8"u8) && bytes.Length > 13
            ? new ImageFacts("gif", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]), HasAlpha: false)
            : ImageProbe.Read(bytes);

    [GeneratedRegex("^data:(?<type>[a-z]+/[a-z0-9.+-]+);base64,", RegexOptions.IgnoreCase)]
    private static partial Regex DataUri();
}
