// Every vendor's wire protocol on loopback, with faults on demand. Nothing here costs anything.
//
//   dotnet run --project tests/PSImageGen.FakeProviders [-- --port 0 --delay-ms 800]
//
// prints the environment variables that lead a client here, then one line a request, until Ctrl+C.
// In tests: await using FakeVendors vendors = await FakeVendors.StartAsync();
//
// The controls, all JSON:
//   POST   /_control/faults       a fault or an array, see Faults/Fault.cs and Faults/FaultKind.cs; for instance
//                                 {"vendor":"OpenAI","stage":"Submit","kind":"Status","status":429,"headers":{"Retry-After":"1"},"times":2}
//   GET    /_control/faults       all faults and how often each struck
//   DELETE /_control/faults       forgets them
//   GET    /_control/state        counts by vendor, violations, requests, settings, faults
//   DELETE /_control/state        forgets counts, violations and requests; tasks stay
//   GET    /_control/settings     all settings; POST changes some: {"bflJobSeconds":2.5,"openAIDelaySeconds":1,"linkLifetimeSeconds":600}
//                                 {"replicateJobSeconds":2,"replicateStreams":1,"falJobSeconds":2,"falQueuedShare":0.5}
//   POST   /_control/release      lets hanging requests go on
//   POST   /_control/reset        as new: no faults, counts or tasks, the settings of the start
//   GET    /_control/environment  the variables again
//   GET    /_control/creatok/capabilities  the pictures' part of CreatOK's capabilities; POST replaces it, reset brings the sample back
using System.Globalization;
using System.Runtime.InteropServices;
using PSImageGen.FakeProviders;
using PSImageGen.FakeProviders.Log;

const string Usage = "usage: PSImageGen.FakeProviders [--port 0] [--delay-ms 800]";
int port = 0;
double? workSeconds = null;
for (int i = 0; i < args.Length; i += 2)
{
    if (i + 1 >= args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
        return Fail();
    switch (args[i])
    {
        case "--port":
            port = value;
            break;
        case "--delay-ms":
            workSeconds = value / 1000.0;
            break;
        default:
            return Fail();
    }
}

var stop = new TaskCompletionSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await using FakeVendors vendors = await FakeVendors.StartAsync(new FakeVendorsOptions { Port = port, WorkSeconds = workSeconds, OnRequest = WriteLine });

Console.WriteLine("# PowerShell");
foreach ((string name, string value) in vendors.EnvironmentVariables)
    Console.WriteLine($"$env:{name} = '{value}'");
foreach ((string name, string variable, string value) in vendors.Optional)
    Console.WriteLine($"# {name}: $env:{variable} = '{value}'");
Console.WriteLine();
Console.WriteLine("# sh");
foreach ((string name, string value) in vendors.EnvironmentVariables)
    Console.WriteLine($"export {name}='{value}'");
foreach ((string name, string variable, string value) in vendors.Optional)
    Console.WriteLine($"# {name}: export {variable}='{value}'");
Console.WriteLine();
Console.WriteLine($"Paste the lines of your shell into it, then try: New-AIImage 'a red fox in snow'. Controls: {vendors.Origin}/_control/state. Ctrl+C ends.");
Console.WriteLine();

await stop.Task;
return 0;

static int Fail()
{
    Console.Error.WriteLine(Usage);
    return 2;
}

static void WriteLine(RequestRecord record) =>
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{record.Method} {record.Path} {(record.Status == 0 ? record.Outcome : record.Status)}{(record.Billed ? " billed" : "")}"));
