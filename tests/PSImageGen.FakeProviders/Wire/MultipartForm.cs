using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.FakeProviders.Wire;

/// <summary>A part of a form: a text, or a file when it has a file name.</summary>
internal sealed record FormPart(string Name, string? FileName, string? ContentType, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>Reads <c>multipart/form-data</c> and keeps what came on the record.</summary>
internal static class MultipartForm
{
    /// <summary>Whether a request says that it is one.</summary>
    public static bool Is(HttpRequest request) => Boundary(request) is not null;

    /// <summary>The parts in their order; null when the body is none or is broken.</summary>
    public static async Task<IReadOnlyList<FormPart>?> ReadAsync(Exchange exchange)
    {
        byte[] body = await exchange.ReadBodyAsync();
        if (Boundary(exchange.Http.Request) is not { } boundary)
            return null;
        var reader = new MultipartReader(boundary, new MemoryStream(body)) { BodyLengthLimit = null };
        var parts = new List<FormPart>();
        try
        {
            while (await reader.ReadNextSectionAsync(exchange.Aborted) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition)
                    || !disposition.DispositionType.Equals("form-data")
                    || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
                {
                    return null;
                }

                using var content = new MemoryStream();
                await section.Body.CopyToAsync(content, exchange.Aborted);
                string? fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                parts.Add(new FormPart(name, fileName, section.ContentType, content.ToArray()));
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return null;
        }

        Keep(parts, exchange.Record);
        return parts;
    }

    private static string? Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary
            ? boundary
            : null;

    private static void Keep(IReadOnlyList<FormPart> parts, RequestRecord record)
    {
        var fields = new JsonObject();
        var files = new JsonArray();
        foreach (IGrouping<string, FormPart> group in parts.Where(part => part.FileName is null).GroupBy(part => part.Name))
            fields[group.Key] = group.Count() == 1 ? group.Single().Text : new JsonArray([.. group.Select(part => (JsonNode?)part.Text)]);
        foreach (FormPart part in parts.Where(part => part.FileName is not null))
        {
            record.AddFile(new RequestFile(part.Name, part.FileName, part.ContentType, part.Bytes));
            files.Add(new JsonObject
            {
                ["field"] = part.Name,
                ["fileName"] = part.FileName,
                ["contentType"] = part.ContentType,
                ["length"] = part.Bytes.Length,
            });
        }

        record.Body = new JsonObject { ["fields"] = fields, ["files"] = files };
    }
}
