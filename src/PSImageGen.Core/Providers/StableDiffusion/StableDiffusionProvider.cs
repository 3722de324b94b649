using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>
/// A server of the user's own: A1111 and its family (Forge, SD.Next), whose answer is the picture, or ComfyUI, which works on jobs. Both
/// live behind the same base URL, and which one it is is asked. Source: the servers' own code (A1111 1.10, Forge 2025-06, SD.Next 2026-07,
/// ComfyUI 0.3.64 to 0.27.0).
/// </summary>
public sealed class StableDiffusionProvider : Provider
{
    /// <inheritdoc/>
    public override ProviderProfile Profile { get; } = new()
    {
        Id = "StableDiffusion",
        DisplayName = "Stable Diffusion (A1111, Forge, SD.Next or ComfyUI of your own)",
        BaseUrl = new Uri("http://127.0.0.1:7860"),
        BaseUrlVariable = "STABLE_DIFFUSION_LOCAL_BASE_URL",
        NeedsBaseUrl = true,
        KeyInBaseUrl = true,
        KeyPrefix = "Basic ",
        Free = true,
        // What every sampler and preprocessor of either server takes.
        SeedBelow = 1L << 32,
        // ComfyUI says that a job is over a moment before it can be read.
        NotFoundGrace = 3,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<VendorRequest> Capabilities => ServerFacts.Questions;

    /// <inheritdoc/>
    public override IReadOnlyList<ModelRow> ReadCapabilities(IReadOnlyList<VendorAnswer?> answers, Uri baseUrl)
    {
        ServerFacts facts = new(answers);
        if (IsCloud(baseUrl))
            throw ServerTrouble.Cloud(Profile);
        IReadOnlyList<ModelRow>? rows = facts.IsComfyUI ? ComfyRows.Of(facts, Catalogue) : facts.IsA1111 ? A1111Rows.Of(facts, Catalogue) : null;
        return rows switch
        {
            null => throw ServerTrouble.Unusable(Profile, baseUrl, facts),
            [] => throw ServerTrouble.NoModel(Profile, baseUrl, facts),
            _ => rows,
        };
    }

    /// <inheritdoc/>
    public override bool IsFree(ModelRow model, Uri baseUrl) => !IsCloud(baseUrl);

    /// <inheritdoc/>
    public override bool NeedsUpload(ModelRow model, InputImage image) => IsComfyUI(model);

    /// <inheritdoc/>
    public override VendorRequest Upload(InputFile file) => ComfyJobs.Upload();

    /// <inheritdoc/>
    public override UploadAnswer? ReadUpload(InputFile file, VendorAnswer answer) => ComfyJobs.ReadUpload(answer);

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return IsComfyUI(call.Shape.Model) ? ComfyJobs.Submit(call) : A1111Calls.Submit(call);
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        return IsComfyUI(call.Shape.Model) ? ComfyJobs.ReadSubmit(answer) : A1111Calls.ReadSubmit(call, answer);
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle) => ComfyJobs.Queue;

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer) => ComfyJobs.ReadQueue(handle, answer);

    /// <inheritdoc/>
    public override VendorRequest Result(TaskHandle handle) => ComfyJobs.History(handle);

    /// <inheritdoc/>
    public override StatusAnswer ReadResult(TaskHandle handle, VendorAnswer answer) => ComfyJobs.ReadHistory(handle, answer);

    /// <inheritdoc/>
    public override VendorRequest? Cancel(TaskHandle handle) => ComfyJobs.Cancel(handle);

    /// <inheritdoc/>
    public override VendorRequest? CancelNext(TaskHandle handle, VendorRequest asked, VendorAnswer answer) => ComfyJobs.CancelNext(handle, asked, answer);

    /// <inheritdoc/>
    public override TaskHandle? HandleOfClientId(string clientId) => new(clientId);

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer) => ServerFailure.Of(answer);

    private static bool IsComfyUI(ModelRow model) => model.Fields["server"] == "ComfyUI";

    // Comfy Cloud: the same routes, but paid, and with a key of its own.
    private static bool IsCloud(Uri baseUrl) => baseUrl.Host.Equals("comfy.org", StringComparison.OrdinalIgnoreCase) || baseUrl.Host.EndsWith(".comfy.org", StringComparison.OrdinalIgnoreCase);
}
