using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Tasks;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>A request in the queue and how far it is.</summary>
internal sealed class FalTask
{
    public FalTask(FalEndpoint endpoint, InputCheck input, JsonNode body, JobClock clock)
    {
        (Endpoint, Body, Clock) = (endpoint, body, clock);
        Prompt = input.Faults.Count > 0 ? "" : input.Prompt;
        if (input.Faults.Count > 0)
            return;
        (Width, Height) = FalEndpoints.SizeOf(endpoint, input);
        Seed = input.Integer("seed") ?? Random.Shared.Next();
        string format = input.Text("output_format") ?? endpoint.Format;
        Format = format == "jpg" ? "jpeg" : format;
        Count = endpoint.IsSingle ? 1 : (int)((input.Integer("num_images") ?? 1) * (input.Integer("max_images") ?? 1));
        Delivered = Count;
        IsSync = input.Flag("sync_mode");
    }

    public string Id { get; } = Guid.NewGuid().ToString();

    public FalEndpoint Endpoint { get; }

    public JsonNode Body { get; }

    public JobClock Clock { get; }

    public string Prompt { get; }

    public int Width { get; }

    public int Height { get; }

    public string Format { get; } = "jpeg";

    public long Seed { get; }

    public int Count { get; } = 1;

    public int Delivered { get; private set; }

    /// <summary>Pictures come as data URIs, and nothing is kept.</summary>
    public bool IsSync { get; }

    /// <summary>Whether request and answer are in the history.</summary>
    public bool IsStored { get; init; } = true;

    /// <summary>When its files die.</summary>
    public double FileLifetimeSeconds { get; init; }

    /// <summary>How long it may wait for its start.</summary>
    public double? StartWithinSeconds { get; init; }

    /// <summary>How it fails, once its time has come.</summary>
    public FalFailure? Failure { get; set; }

    /// <summary>One picture is flagged, and black.</summary>
    public bool HasFlagged { get; private set; }

    /// <summary>A word for the next look only.</summary>
    public string? NextWord { get; set; }

    public bool HasForeignUrls { get; set; }

    public bool HasForeignOutputs { get; set; }

    /// <summary>Its files are dead before their time.</summary>
    public bool FilesAreDead { get; set; }

    /// <summary>Pictures, or their megapixels, each rounded up.</summary>
    public int BillableUnits => Delivered * (Endpoint.Unit == "megapixels" ? (int)double.Ceiling(Width * (double)Height / (1024 * 1024)) : 1);

    public bool WasInTime => StartWithinSeconds is not { } limit || Clock.Started is not { } started || (started - Clock.Created).TotalSeconds <= limit;

    public JobPhase Look(bool counts = false)
    {
        JobPhase phase = counts ? Clock.Poll() : Clock.Look();
        bool isLate = StartWithinSeconds is { } limit
            && (phase == JobPhase.Queued ? (DateTimeOffset.UtcNow - Clock.Created).TotalSeconds > limit : !WasInTime);
        if (!isLate || Failure is not null)
            return phase;
        Fail(FalErrors.Failure("request_timeout"));
        return JobPhase.Over;
    }

    /// <summary>Fails at once.</summary>
    public void Fail(FalFailure failure)
    {
        Failure = failure;
        Clock.End();
    }

    /// <summary>One picture less: flagged where the endpoint tells so, else left out.</summary>
    public void DropOne()
    {
        if (Endpoint.IsFlux)
            HasFlagged = true;
        else if (Delivered > 1)
            Delivered--;
        else
            Failure = FalErrors.Failure("no_media_generated");
    }

    /// <summary>The bytes of a picture.</summary>
    public byte[] Picture(int index)
    {
        if (!HasFlagged || index != Delivered - 1)
            return TinyImages.Make(Format, Width, Height, $"{Id}/{Prompt}/{Seed}/{index}");
        return Format == "png" ? TinyImages.SolidPng(Width, Height, 0, 0, 0) : TinyImages.Make(Format, Width, Height, "black");
    }

    /// <summary>The lines logged so far.</summary>
    public IReadOnlyList<JsonObject> Logs()
    {
        const int Steps = 10;
        if (Clock.Started is not { } started)
            return [];
        int done = (int)(Clock.Progress * Steps);
        return
        [
            .. Enumerable.Range(0, done + 1).Select(step => new JsonObject
            {
                ["message"] = $"{step * 100 / Steps,3}%|{new string('#', step)}{new string(' ', Steps - step)}| {step}/{Steps}",
                ["level"] = "INFO",
                ["source"] = "USER",
                ["timestamp"] = FalVendor.Time(started.AddMilliseconds(step)),
            }),
        ];
    }
}
