using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PSImageGen.FakeProviders.Control;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Vendors.Bfl;
using PSImageGen.FakeProviders.Vendors.CreatOK;
using PSImageGen.FakeProviders.Vendors.Easel;
using PSImageGen.FakeProviders.Vendors.Fal;
using PSImageGen.FakeProviders.Vendors.OpenAI;
using PSImageGen.FakeProviders.Vendors.OpenRouter;
using PSImageGen.FakeProviders.Vendors.OwnServers;
using PSImageGen.FakeProviders.Vendors.Replicate;
using PSImageGen.FakeProviders.Vendors.SkillsVideo;
using PSImageGen.FakeProviders.Vendors.Stability;
using PSImageGen.FakeProviders.Vendors.WellApi;

namespace PSImageGen.FakeProviders;

/// <summary>How to start the fakes.</summary>
public sealed class FakeVendorsOptions
{
    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How long every vendor works on a request or task; null leaves each its own.</summary>
    public double? WorkSeconds { get; init; }

    /// <summary>Settings by the names which <c>/_control/settings</c> knows.</summary>
    public IReadOnlyDictionary<string, double> Settings { get; init; } = new Dictionary<string, double>();

    /// <summary>Called as each request ends.</summary>
    public Action<RequestRecord>? OnRequest { get; init; }
}

/// <summary>All fake vendors on one loopback port.</summary>
public sealed class FakeVendors : IAsyncDisposable
{
    private readonly FakeServer _server;
    private readonly WebApplication _app;
    private readonly Dictionary<string, double> _initialSettings;

    private FakeVendors(FakeServer server, WebApplication app)
    {
        (_server, _app) = (server, app);
        _initialSettings = new Dictionary<string, double>(Settings);
    }

    /// <summary>The OpenAI Images API.</summary>
    public OpenAIVendor OpenAI => _server.Vendors.OfType<OpenAIVendor>().Single();

    /// <summary>The Stability AI API.</summary>
    public StabilityVendor Stability => _server.Vendors.OfType<StabilityVendor>().Single();

    /// <summary>The Black Forest Labs API.</summary>
    public BflVendor Bfl => _server.Vendors.OfType<BflVendor>().Single();

    /// <summary>The Replicate API.</summary>
    public ReplicateVendor Replicate => _server.Vendors.OfType<ReplicateVendor>().Single();

    /// <summary>The fal.ai API.</summary>
    public FalVendor Fal => _server.Vendors.OfType<FalVendor>().Single();

    /// <summary>The OpenRouter API.</summary>
    public OpenRouterVendor OpenRouter => _server.Vendors.OfType<OpenRouterVendor>().Single();

    /// <summary>The web UI of AUTOMATIC1111.</summary>
    public A1111Vendor A1111 => _server.Vendors.OfType<A1111Vendor>().Single();

    /// <summary>The server of ComfyUI.</summary>
    public ComfyUIVendor ComfyUI => _server.Vendors.OfType<ComfyUIVendor>().Single();

    /// <summary>The CreatOK Open Skills API.</summary>
    public CreatOKVendor CreatOK => _server.Vendors.OfType<CreatOKVendor>().Single();

    /// <summary>The skills.video Open Platform API.</summary>
    public SkillsVideoVendor SkillsVideo => _server.Vendors.OfType<SkillsVideoVendor>().Single();

    /// <summary>The WellAPI gateway.</summary>
    public WellApiVendor WellApi => _server.Vendors.OfType<WellApiVendor>().Single();

    /// <summary>The vendor that is known by its document alone.</summary>
    public EaselVendor Easel => _server.Vendors.OfType<EaselVendor>().Single();

    /// <summary>All vendors.</summary>
    public IReadOnlyList<FakeVendor> All => _server.Vendors;

    /// <summary>What goes wrong, and when.</summary>
    public FaultBook Faults => _server.Faults;

    /// <summary>Scheme, host and port.</summary>
    public string Origin => _server.Origin;

    /// <summary>A place of another origin where no vendor lives; a name ending in <c>.png</c>, <c>.jpeg</c> or <c>.webp</c> gives a picture.</summary>
    public string ElsewhereUrl => _server.ElsewhereUrl;

    /// <summary>All requests since the last clearing.</summary>
    public IReadOnlyList<RequestRecord> Requests => _server.Log.Requests;

    /// <summary>What no client should have done.</summary>
    public IReadOnlyList<Violation> Violations => _server.Log.Violations;

    /// <summary>Requests being worked on, hanging ones included.</summary>
    public int ActiveRequests => _server.ActiveRequests;

    /// <summary>Open TCP connections.</summary>
    public int ActiveConnections => _server.ActiveConnections;

    /// <summary>Requests that hang now.</summary>
    public int Hanging => _server.Hanging;

    /// <summary>The environment variables that lead a client here.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables =>
        All.Where(vendor => !vendor.IsOptional).SelectMany(vendor => new[] { (vendor.BaseUrlVariable, vendor.BaseUrl), (vendor.KeyVariable, vendor.Key) })
            .Where(pair => pair.Item1 is not null).ToDictionary(pair => pair.Item1!, pair => pair.Item2);

    /// <summary>Those that are there for the asking: name, environment variable and value.</summary>
    public IEnumerable<(string Name, string Variable, string Value)> Optional =>
        All.Where(vendor => vendor.IsOptional).Select(vendor => (vendor.Name, vendor.BaseUrlVariable, vendor.BaseUrl));

    /// <summary>All settings and their values.</summary>
    public IReadOnlyDictionary<string, double> Settings =>
        All.SelectMany(vendor => vendor.Settings).ToDictionary(pair => pair.Key, pair => pair.Value.Get(), StringComparer.OrdinalIgnoreCase);

    internal FakeServer Server => _server;

    /// <summary>Starts the fakes on loopback.</summary>
    public static async Task<FakeVendors> StartAsync(FakeVendorsOptions? options = null)
    {
        options ??= new FakeVendorsOptions();
        var server = new FakeServer(
            [
                new OpenAIVendor(),
                new StabilityVendor(),
                new BflVendor(),
                new FalVendor(),
                new ReplicateVendor(),
                new OpenRouterVendor(),
                new A1111Vendor(),
                new ComfyUIVendor(),
                new CreatOKVendor(),
                new SkillsVideoVendor(),
                new WellApiVendor(),
                new EaselVendor(),
            ],
            options.OnRequest);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());

        // The usual lifetime would take Ctrl+C away from the test host.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
                listen.Use(next => connection => server.CountConnectionAsync(() => next(connection))));
        });

        WebApplication app = builder.Build();
        var vendors = new FakeVendors(server, app);
        app.Use(next => http => http.Request.Path.StartsWithSegments(ControlEndpoints.Path) ? next(http) : server.InvokeAsync(http, next));
        app.UseRouting();
        ControlEndpoints.Map(app, vendors);
        Elsewhere.Map(app);
        foreach (FakeVendor vendor in server.Vendors)
        {
            vendor.Server = server;
            vendor.WorkSeconds = options.WorkSeconds ?? vendor.WorkSeconds;
            vendor.Map(app);
        }

        foreach ((string name, double value) in options.Settings)
            vendors.Set(name, value);
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Listen(new Uri(address).Port);
        return vendors;
    }

    /// <summary>A vendor's books.</summary>
    public VendorCounts Count(string vendor) =>
        All.Any(each => string.Equals(each.Name, vendor, StringComparison.OrdinalIgnoreCase))
            ? _server.Log.Count(vendor)
            : throw new ArgumentException($"No such vendor: {vendor}.", nameof(vendor));

    /// <summary>Changes a setting by its control name.</summary>
    public void Set(string name, double value)
    {
        Setting setting = All.Select(vendor => vendor.Settings.GetValueOrDefault(name)).FirstOrDefault(each => each is not null)
            ?? throw new ArgumentException($"No such setting: {name}. There are {string.Join(", ", Settings.Keys)}.", nameof(name));
        setting.Set(value);
    }

    /// <summary>Forgets faults, counts, requests and violations; tasks and settings stay.</summary>
    public void Clear()
    {
        Faults.Clear();
        ClearCounts();
    }

    /// <summary>Forgets counts, requests and violations.</summary>
    public void ClearCounts() => _server.Log.Clear();

    /// <summary>As new: no faults, counts or tasks, the settings of the start, and nothing hangs.</summary>
    public void Reset()
    {
        Clear();
        Release();
        foreach (FakeVendor vendor in All)
            vendor.Forget();
        foreach ((string name, double value) in _initialSettings)
            Set(name, value);
    }

    /// <summary>Lets hanging requests go on to their usual end.</summary>
    public void Release() => _server.Release();

    /// <summary>Waits until something is so; throws after the timeout (default 10 s).</summary>
    public async Task WaitUntilAsync(Func<FakeVendors, bool> condition, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = Stopwatch.GetTimestamp();
        while (!condition(this))
        {
            if (Stopwatch.GetElapsedTime(start) > (timeout ?? TimeSpan.FromSeconds(10)))
                throw new TimeoutException("What was waited for at the fake vendors did not happen.");
            await Task.Delay(5);
        }
    }

    /// <summary>Stops at once: requests in flight are broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        _server.Stop();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
