using System.Diagnostics;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>The fake vendors, a folder to work in and a state folder of its own, and PowerShells that know of nothing else.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("psimagegen-");
    private int _scripts;

    private Workbench(FakeVendors vendors)
    {
        Vendors = vendors;
        Directory.CreateDirectory(Folder);
    }

    public FakeVendors Vendors { get; }

    /// <summary>Where sessions begin, and so where pictures go.</summary>
    public string Folder => Path.Combine(_root.FullName, "work");

    /// <summary>What PSIMAGEGEN_STATE says.</summary>
    public string State => Path.Combine(_root.FullName, "state");

    /// <summary>Variables beside those that lead to the fakes; null takes one away.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public static async Task<Workbench> StartAsync(FakeVendorsOptions? options = null) => new(await FakeVendors.StartAsync(options));

    /// <summary>Runs a script to its end in a new process.</summary>
    public async Task<PwshResult> RunAsync(string script, PwshOptions? options = null)
    {
        await using PwshProcess process = Start(script, options);
        return await process.EndAsync();
    }

    /// <summary>Starts a script in a new process.</summary>
    public PwshProcess Start(string script, PwshOptions? options = null)
    {
        options ??= new PwshOptions();
        string path = PathOf(script);
        string result = Path.ChangeExtension(path, ".json");
        List<string> arguments = ["-NoProfile"];
        if (!options.Interactive)
            arguments.Add("-NonInteractive");
        arguments.AddRange(["-File", Repository.Script("Harness", "Runner.ps1"), "-Script", path, "-Result", result]);
        if (options.Import)
            arguments.AddRange(["-Module", Repository.Module]);

        (string file, string[] args) = options.OnTerminal is not null ? Terminal.Around(Pwsh.Found.Path, arguments)
            : Signals.AreIgnored ? ("env", ["--default-signal=INT", Pwsh.Found.Path, .. arguments])
            : (Pwsh.Found.Path, [.. arguments]);
        return new PwshProcess(StartInfo(file, args), result, options.Input, options.OnTerminal);
    }

    /// <summary>Starts PowerShell at its prompt, where somebody types; it must be told to exit.</summary>
    public PwshProcess StartAtPrompt(Action<PwshProcess, string> person)
    {
        (string file, string[] args) = Terminal.Around(Pwsh.Found.Path, ["-NoProfile", "-NoLogo"]);
        return new PwshProcess(StartInfo(file, args), PathTo("none.json"), null, person);
    }

    /// <summary>A place beside the folder of the pictures.</summary>
    public string PathTo(string name) => Path.Combine(_root.FullName, name);

    /// <summary>A file to hand to a script.</summary>
    public string Write(string name, string text)
    {
        string path = PathTo(name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The bodies of all paid orders that came to a vendor.</summary>
    public IReadOnlyList<JsonNode> Orders(string vendor) =>
        [.. Vendors.Requests.Where(r => r.Vendor == vendor && r.Method == "POST" && r.Body is not null).Select(r => r.Body!)];

    public async ValueTask DisposeAsync()
    {
        await Vendors.DisposeAsync();
        try
        {
            _root.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process that is still ending may hold a file; the system clears its folder for temporary files.
        }
    }

    private ProcessStartInfo StartInfo(string file, string[] args)
    {
        ProcessStartInfo start = new(file, args) { WorkingDirectory = Folder };
        Surroundings.Clean(start.Environment);
        start.Environment["PSIMAGEGEN_STATE"] = State;
        start.Environment["FAKE_ORIGIN"] = Vendors.Origin;
        foreach ((string name, string? value) in Vendors.EnvironmentVariables.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)).Concat(Environment))
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }

        return start;
    }

    private string PathOf(string script) => Write($"script{Interlocked.Increment(ref _scripts)}.ps1", script);
}

/// <summary>How a script is run.</summary>
internal sealed record PwshOptions
{
    /// <summary>Without <c>-NonInteractive</c>.</summary>
    public bool Interactive { get; init; }

    /// <summary>Import the module first.</summary>
    public bool Import { get; init; } = true;

    /// <summary>The redirected input; it ends after this.</summary>
    public string? Input { get; init; }

    /// <summary>Runs on a terminal, and is told all that was written so far whenever something is.</summary>
    public Action<PwshProcess, string>? OnTerminal { get; init; }
}
