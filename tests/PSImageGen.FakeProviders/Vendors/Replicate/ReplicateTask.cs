using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Inputs;
using PSImageGen.FakeProviders.Tasks;

namespace PSImageGen.FakeProviders.Vendors.Replicate;

/// <summary>A prediction and how far it is.</summary>
internal sealed class ReplicateTask
{
    private readonly JsonObject _input;
    private string? _end;

    public ReplicateTask(ReplicateModel model, InputCheck input, JsonObject echo, JobClock clock, TimeSpan? lifetime)
    {
        (Model, _input, Clock) = (model, echo, clock);
        (Width, Height) = model.Size(input);
        (Prompt, Seed) = (input.Prompt, input.Integer("seed") ?? Random.Shared.Next());
        Format = input.Text("output_format") ?? model.Format;
        Steps = (int)(input.Integer("num_inference_steps") ?? input.Integer("num_steps") ?? input.Integer("steps") ?? 28);
        Count = (int)(input.Integer("num_outputs") ?? (input.Text("sequential_image_generation") == "auto" ? input.Integer("max_images") : null) ?? 1);
        Delivered = Count;
        Deadline = clock.Created + lifetime;
    }

    public string Id { get; } = Token(26);

    /// <summary>The secret part of the links to its outputs.</summary>
    public string OutputToken { get; } = Token(40);

    public string StreamToken { get; } = Token(52);

    public ReplicateModel Model { get; }

    public JobClock Clock { get; }

    public string Prompt { get; }

    public long Seed { get; }

    public int Width { get; }

    public int Height { get; }

    public string Format { get; }

    public int Steps { get; }

    public int Count { get; }

    public int Delivered { get; private set; }

    public DateTimeOffset? Deadline { get; }

    public string? Error { get; private set; }

    /// <summary>A word for the next poll only.</summary>
    public string? NextWord { get; set; }

    public bool HasForeignUrls { get; set; }

    public bool HasForeignOutputs { get; set; }

    /// <summary>Its data are gone before their time.</summary>
    public bool DataRemoved { get; set; }

    public JsonObject Input => DataRemoved ? [] : (JsonObject)_input.DeepClone();

    public string MediaType => "image/" + (Format == "jpg" ? "jpeg" : Format);

    public string Logs
    {
        get
        {
            if (DataRemoved || Clock.Started is null)
                return "";
            var logs = new StringBuilder($"Using seed: {Seed}\n");
            int done = (int)(Clock.Progress * Steps);
            int stride = int.Max(1, Steps / 7);
            for (int step = 0; step <= done && step < Steps; step += stride)
            {
                logs.Append(
                    CultureInfo.InvariantCulture,
                    $"{step * 100 / Steps,3}%|{Bar(step)}| {step}/{Steps} [00:{step / 10:00}<00:{(Steps - step) / 10:00}, 10.02it/s]\n");
            }

            if (_end == "succeeded")
                logs.Append(CultureInfo.InvariantCulture, $"100%|{Bar(Steps)}| {Steps}/{Steps} [00:{Steps / 10:00}<00:00, 10.02it/s]\n");
            return logs.ToString();
        }
    }

    /// <summary>The word of its state, apart from what a fault makes of it.</summary>
    public string Look(bool counts = false)
    {
        // The deadline comes first: a prediction that would have ended after it never does.
        if (Clock.Ended is null && Deadline is { } deadline && DateTimeOffset.UtcNow >= deadline && !(Clock.EndsAt < deadline))
        {
            bool ran = Clock.Started <= deadline || Clock.StartsAt <= deadline;
            if (ran)
                Clock.Look();
            End(ran ? "canceled" : "aborted", null, deadline);
        }

        switch (counts ? Clock.Poll() : Clock.Look())
        {
            case JobPhase.Queued:
                return "starting";
            case JobPhase.Running:
                return "processing";
            default:
                _end ??= "succeeded";
                return _end;
        }
    }

    /// <summary>How it will end, once its time has come.</summary>
    public void WillEnd(string word, string? error) => (_end, Error) = (word, error);

    public void End(string word, string? error, DateTimeOffset? at = null)
    {
        WillEnd(word, error);
        if (word is "succeeded" or "failed")
            Clock.Finish();
        else
            Clock.End(at);
    }

    public void Cancel()
    {
        string word = Look();
        if (word is "starting" or "processing")
            End(word == "starting" ? "aborted" : "canceled", null);
    }

    /// <summary>A picture is dropped by the safety checker; without any left it fails.</summary>
    public void DropOne()
    {
        if (Delivered > 1)
            Delivered--;
        else
            WillEnd("failed", ReplicateErrors.AllSensitive);
    }

    private string Bar(int step) => new string('█', step * 10 / Steps) + new string(' ', 10 - (step * 10 / Steps));

    private static string Token(int length) => RandomNumberGenerator.GetString("abcdefghijkmnpqrstvwxyz0123456789", length);
}
