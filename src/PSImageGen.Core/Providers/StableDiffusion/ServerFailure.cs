using System.Text.Json.Nodes;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>What a server's "no" means. A1111's family says it as <c>detail</c>, <c>errors</c> or <c>error</c>, ComfyUI as an object <c>error</c> and <c>node_errors</c>.</summary>
internal static class ServerFailure
{
    private static string Smaller => Words.Of("The server ran out of memory. Ask for a smaller -Size, fewer pictures, or a smaller model.");

    private static readonly string[] BadImage = ["Invalid encoded image", "Invalid image url", "Invalid image format", "Invalid image file", "Requests not allowed", "Request to local resource not allowed"];

    /// <summary>A refused message.</summary>
    public static VendorFailure Of(VendorAnswer answer)
    {
        string? words = Said(answer), code = answer.String("error", "type") ?? answer.String("error");
        VendorFailure byStatus = VendorFailure.FromStatus(answer, words, code);
        string all = $"{code} {words}";
        switch (answer.Status)
        {
            case 401:
                return byStatus with { Advice = Words.Of("Put the user and the password of the server into its address: http://user:password@host:port.") };
            case 404 when words == "Not Found":
                return byStatus with { Advice = Words.Of("Check the address of the server. A1111 and Forge must be started with --api.") };
            case 404:
                return byStatus with { Id = ImageErrorId.InvalidRequest, Acceptance = Acceptance.Refused };
            case 413:
                return byStatus with { Id = ImageErrorId.InvalidImage, Advice = Words.Of("The picture is too large for the server (ComfyUI: --max-upload-size). Make it smaller.") };
            case 422 when Checkpoint.Has(all, "script"):
                return byStatus with { Id = ImageErrorId.Unsupported, Advice = Words.Of("Install the extension that is named on the server.") };
            case >= 500 when BadImage.Any(w => Checkpoint.Has(all, w)):
                return Refused(byStatus, ImageErrorId.InvalidImage, null);
            case >= 500 when IsMemory(all):
                return Refused(byStatus, ImageErrorId.ProviderUnavailable, Smaller) with { Acceptance = Acceptance.NotAccepted };
            case >= 500 when Checkpoint.Has(all, "' not found") || Checkpoint.Has(all, "bad number of images"):
                return Refused(byStatus, ImageErrorId.InvalidRequest, null);
            // The server itself says that the call has ended, and how; what stands in front of it does not know.
            case 500:
                return Refused(byStatus, ImageErrorId.ProviderUnavailable, Words.Of("The server failed; its log says why. Another sampler, size or model may help.")) with { Acceptance = Acceptance.NotAccepted };
            default:
                return byStatus;
        }
    }

    /// <summary>A job of ComfyUI that broke off: its last message says at which node, and why.</summary>
    public static VendorFailure OfNode(VendorAnswer answer, JsonNode? error)
    {
        string? node = Loose.Text(error, "node_type"), type = Loose.Text(error, "exception_type");
        string reason = (Loose.Text(error, "exception_message") ?? Words.Of("no reason is told")).Trim().Split('\n')[0];
        bool memory = IsMemory($"{type} {reason}");
        return new VendorFailure
        {
            Id = ImageErrorId.ProviderUnavailable,
            Acceptance = Acceptance.Refused,
            Message = node is null ? reason : $"{node}: {reason}",
            Code = type,
            HttpStatus = answer.Status,
            Advice = memory ? Smaller : Words.Of("Look at the log of the server, and whether its models and nodes are whole."),
        };
    }

    private static VendorFailure Refused(VendorFailure failure, ImageErrorId id, string? advice) =>
        failure with { Id = id, Acceptance = Acceptance.Refused, MayHaveBeenCharged = false, Advice = advice ?? failure.Advice };

    private static bool IsMemory(string words) =>
        Checkpoint.Has(words, "OutOfMemory") || Checkpoint.Has(words, "out of memory") || Checkpoint.Has(words, "Allocation on device") || Checkpoint.Has(words, "CUDA error");

    private static string? Said(VendorAnswer answer)
    {
        if (Loose.Node(answer.Json, "error") is JsonObject error)
            return string.Join(' ', new[] { Loose.Text(error, "message"), Loose.Text(error, "details") }.Concat(NodeWords(answer.Json)).OfType<string>());
        // A list of details is left to the general reading.
        return Loose.Node(answer.Json, "detail") is JsonArray ? null : Loose.Text(answer.Json, "detail", "errors", "message", "error");
    }

    private static IEnumerable<string?> NodeWords(JsonNode? body) =>
        from node in Loose.Node(body, "node_errors") as JsonObject ?? []
        from error in Loose.Node(node.Value, "errors") as JsonArray ?? []
        select $"{Loose.Text(node.Value, "class_type")}: {Loose.Text(error, "message")} ({Loose.Text(error, "details")})";
}
