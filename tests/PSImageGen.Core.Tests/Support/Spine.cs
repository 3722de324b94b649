using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using PSImageGen.Core.Artifacts.Metadata;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Log;
using CoreEngine = PSImageGen.Core.Engine.Engine;

namespace PSImageGen.Core.Tests.Support;

/// <summary>What a test orders. The sizes are the smallest each vendor makes.</summary>
internal sealed record Order
{
    public string? Provider { get; init; } = "BFL";
    public string? Model { get; init; }
    public string Prompt { get; init; } = "a lighthouse at dawn";
    public int Count { get; init; } = 1;
    public long? Seed { get; init; }
    public ImageFormat? Format { get; init; }
    public string? Size { get; init; }
    public string? Resolution { get; init; }
    public IReadOnlyList<string>? References { get; init; }
    /// <summary>Another operation than a picture from words, and what it asks for.</summary>
    public (ImageOperation Operation, RequestDraft Draft)? Asks { get; init; }
    public JsonObject? Options { get; init; }
    public bool SavePartials { get; init; }
    public IReadOnlyList<string> Preferred { get; init; } = [];
    public bool FallbackOnUnknown { get; init; }
    public string? Name { get; init; }
    public string RunId { get; init; } = RunIds.New();
    public string? BatchId { get; init; }
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(8);
    public bool NoWait { get; init; }
    public MetadataMode Metadata { get; init; }

    public static Order OpenAI => new() { Provider = "OpenAI" };

    public static Order Bfl => new();

    public static Order From(string provider) => new() { Provider = provider };
}

/// <summary>Says yes or no, and counts the questions.</summary>
internal sealed class ForegroundConsent(bool yes) : IConsent
{
    public int Questions { get; private set; }

    public Plan? Shown { get; private set; }

    public bool Ask(Plan plan)
    {
        Questions++;
        Shown = plan;
        return yes;
    }

    public CallSeries? ShownSeries { get; private set; }

    public bool Ask(CallSeries series)
    {
        Questions++;
        ShownSeries = series;
        return yes;
    }
}

/// <summary>Keeps what the Engine tells.</summary>
internal sealed class Listener : IRunObserver
{
    public ConcurrentQueue<RunProgress> Steps { get; } = new();

    public ConcurrentQueue<string> Texts { get; } = new();

    public Action<RunProgress>? OnStep { get; set; }

    public void Progress(RunProgress progress)
    {
        Steps.Enqueue(progress);
        OnStep?.Invoke(progress);
    }

    public Action<string>? OnText { get; set; }

    public void Warn(string text) => Take(text);

    public void Verbose(string text) => Take(text);

    private void Take(string text)
    {
        Texts.Enqueue(text);
        OnText?.Invoke(text);
    }
}

/// <summary>Everything from request to pictures, with vendors of its own on loopback, a folder and a state folder of its own, and a fast clock.</summary>
internal sealed class Spine : IAsyncDisposable
{
    private readonly string _root;
    private readonly List<CoreEngine> _engines = [];

    private Spine(FakeVendors vendors)
    {
        Vendors = vendors;
        _root = Directory.CreateTempSubdirectory("psimagegen-").FullName;
        Folder = Path.Combine(_root, "pictures");
        State = Path.Combine(_root, "state");
        Variables = vendors.EnvironmentVariables.ToDictionary(v => v.Key, v => (string?)v.Value);
        Engine = NewEngine();
    }

    public FakeVendors Vendors { get; }

    public FastClock Clock { get; } = new();

    /// <summary>Where the pictures go; the Engine makes it.</summary>
    public string Folder { get; }

    public string State { get; }

    public Dictionary<string, string?> Variables { get; }

    public Listener Listener { get; } = new();

    public CoreEngine Engine { get; }

    public RunIndex Index => new(State);

    public Surroundings Surroundings => new(name => Variables.GetValueOrDefault(name));

    public VendorCounts OpenAI => Vendors.Count("OpenAI");

    public VendorCounts Bfl => Vendors.Count("BFL");

    public static async Task<Spine> StartAsync() => new(await FakeVendors.StartAsync(new FakeVendorsOptions { WorkSeconds = 0 }));

    /// <summary>Another engine over the same state: another process.</summary>
    public CoreEngine NewEngine(int throttle = 4, TimeSpan? silence = null, ProviderRegistry? registry = null)
    {
        CoreEngine engine = new(new EngineOptions
        {
            Registry = registry ?? ProviderRegistry.BuiltIn,
            Surroundings = Surroundings,
            Index = Index,
            Clock = Clock,
            FirstBackoff = TimeSpan.FromMilliseconds(100),
            ThrottleLimit = throttle,
            Limits = new TransportLimits { Headers = TimeSpan.FromSeconds(60), BetweenEvents = silence ?? TimeSpan.FromSeconds(120) },
        });
        _engines.Add(engine);
        return engine;
    }

    public static ImageRequest Request(Order order) => order.Asks is { } asks ? new ImageRequest(asks.Operation, asks.Draft) : new(ImageOperation.Generate, new RequestDraft
    {
        Prompt = order.Prompt,
        Count = order.Count,
        Seed = order.Seed,
        Format = order.Format,
        ReferenceImages = order.References,
        ProviderOptions = order.Options,
        SavePartials = order.SavePartials,
        Size = order.Size ?? (order.Preferred.Count > 0 ? "1024x1024" : order.Provider switch { "OpenAI" or "WellAPI" => "816x816", "BFL" => "64x64", _ => null }),
        Resolution = order.Resolution,
    });

    public Plan Plan(Order order) => new Planner(ProviderRegistry.BuiltIn, Surroundings)
        .Plan(Request(order), new Selection { Provider = order.Provider, Model = order.Model, Preferred = order.Preferred, OnlyPreferred = order.Preferred.Count > 0, FallbackOnUnknown = order.FallbackOnUnknown }, order.NoWait);

    public ApprovedCall Approve(Order order, Budget? budget = null) =>
        ApprovedCall.Gate.Approve(Plan(order), new ForegroundConsent(true), budget ?? NewBudget(new BudgetLimits()), Options(order).RecordPath)!;

    /// <summary>The user's ceilings, as a new process sees them.</summary>
    public Budget NewBudget(BudgetLimits limits, bool allowUnknown = false) => new(allowUnknown: allowUnknown) { Limits = limits, Bookings = Index.Bookings, Clock = Clock };

    public RunOptions Options(Order order) =>
        new(Folder, order.Name, order.RunId, order.BatchId, timeout: order.Timeout, noWait: order.NoWait) { Metadata = order.Metadata };

    public Task<RunReport> RunAsync(Order order, CancellationToken stop = default) => RunAsync(Engine, order, stop);

    public Task<RunReport> RunAsync(CoreEngine engine, Order order, CancellationToken stop = default) =>
        engine.RunAsync(Approve(order), Options(order), Listener, stop);

    public Task<RunReport> RunAsync(Order order, Budget budget, CancellationToken stop = default) =>
        Engine.RunAsync(Approve(order, budget), Options(order), Listener, stop);

    /// <summary>Goes on with a run in a new engine, as another process would.</summary>
    public Task<RunReport> ResumeAsync(string recordPath, TimeSpan? timeout = null, CancellationToken stop = default) =>
        NewEngine().ResumeAsync(recordPath, timeout ?? TimeSpan.FromHours(8), Listener, stop);

    public string PathOf(Order order) => new RunFolder(Folder, order.RunId).RecordPath;

    /// <summary>The record as it lies on disk, untouched by any reading of ours.</summary>
    public JsonNode OnDisk(Order order) => JsonNode.Parse(File.ReadAllText(PathOf(order)))!;

    /// <summary>Breaks a run off, as a user does, once something is so.</summary>
    public async Task StopWhenAsync(Order order, Func<FakeVendors, bool> when, CoreEngine? engine = null)
    {
        using CancellationTokenSource stop = new();
        Task<RunReport> run = RunAsync(engine ?? Engine, order, stop.Token);
        await Vendors.WaitUntilAsync(when, TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        DateTime until = DateTime.UtcNow + TimeSpan.FromSeconds(60);
        while (!condition())
        {
            if (DateTime.UtcNow > until)
                throw new TimeoutException("What was waited for did not happen.");
            await Task.Delay(5);
        }
    }

    /// <summary>The pictures that lie in the folder.</summary>
    public string[] Pictures() => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal)] : [];

    /// <summary>Every text that was written or told.</summary>
    public string EverythingWritten()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".md" or ".run");
        return string.Join('\n', files.Select(File.ReadAllText).Concat(Listener.Texts));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (CoreEngine engine in _engines)
            engine.Dispose();
        await Vendors.DisposeAsync();
        for (int i = 0; Directory.Exists(_root); i++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
            }
            catch (IOException) when (i < 40)
            {
                // Work in the background is writing its last word.
                await Task.Delay(50);
            }
        }
    }
}

/// <summary>What is kept for the user is kept apart from the real user's.</summary>
internal static class StateFolder
{
    [System.Runtime.CompilerServices.ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Must be set before the first test looks.")]
    internal static void Set()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("psimagegen-state-");
        Environment.SetEnvironmentVariable("PSIMAGEGEN_STATE", folder.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
    }
}

/// <summary>A test that needs Linux's files.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "This test needs the files of Linux.";
    }
}
