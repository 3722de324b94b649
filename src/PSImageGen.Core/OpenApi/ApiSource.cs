using System.Text.Json.Nodes;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.OpenApi;

/// <summary>Brings the documents that a user names: files, or links, which are fetched once and without any key. Nothing that stands in them is fetched.</summary>
public static class ApiSource
{
    /// <summary>Reads documents, the platform's and those of single models in any order.</summary>
    /// <param name="places">Full paths or http(s) links.</param>
    /// <param name="transport">Fetches links.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>NotFound</c>, naming the document.</exception>
    public static async Task<ApiDocuments> ReadAsync(IEnumerable<string> places, Transport transport, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(places);
        List<ApiDocument> documents = [];
        foreach (string place in places)
            documents.Add(ApiDocument.Read(await BytesAsync(place, transport, cancel).ConfigureAwait(false), place));
        return new ApiDocuments(documents);
    }

    /// <summary>Reads a vendor's docs.json.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>NotFound</c>, naming the file.</exception>
    public static async Task<JsonObject> ReadNavigationAsync(string place, Transport transport, CancellationToken cancel) =>
        ApiDocument.ParseObject(await BytesAsync(place, transport, cancel).ConfigureAwait(false), place);

    /// <summary>The bytes of a document.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>NotFound</c>, naming the document.</exception>
    public static async Task<byte[]> BytesAsync(string place, Transport transport, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(transport);
        if (!IsLink(place))
            return FromFile(place);
        if (!Uri.TryCreate(place, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.UserInfo.Length > 0)
            throw Errors.DocumentLink(place);
        try
        {
            return await transport.FetchAsync(address, ApiDocument.MaxBytes, cancel).ConfigureAwait(false) ?? throw Errors.DocumentTooLarge(place, ApiDocument.MaxBytes);
        }
        catch (ExchangeException e)
        {
            throw Errors.DocumentUnreachable(place, e.Message);
        }
    }

    /// <summary>Whether a place is a link and no path: something before <c>://</c>.</summary>
    public static bool IsLink(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.IndexOf("://", StringComparison.Ordinal) is > 0 and var at && place.Take(at).All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
    }

    private static byte[] FromFile(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return file.Length <= ApiDocument.MaxBytes ? Whole(file) : throw Errors.DocumentTooLarge(path, ApiDocument.MaxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Errors.DocumentMissing(path, e);
        }
    }

    // A pipe or device has no length: what comes counts.
    private static byte[] Whole(FileStream file)
    {
        using MemoryStream whole = new();
        byte[] buffer = new byte[80 << 10];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            if (whole.Length + read > ApiDocument.MaxBytes)
                throw Errors.DocumentTooLarge(file.Name, ApiDocument.MaxBytes);
            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }
}
