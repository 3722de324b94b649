// Prints how fast things are on this machine. Figures to look at and to compare, never asserted.
//
//   dotnet run --configuration Release --project tests/PSImageGen.Benchmarks
using PSImageGen.Benchmarks;

#if DEBUG
Console.WriteLine("This is a debug build; its figures say little. Add --configuration Release.");
#endif

(string Name, Func<string> Measure)[] benchmarks =
[
    ("plan and quote, 500 rows", Planning.FiveHundredRows),
    ("record write", Ledgers.RecordWrite),
    ("embedded base64 decoding", Decoding.EmbeddedBase64),
    ("Demo picture of 1024x1024", Painting.Megapixel),
    ("4096x4096 to 2048x2048", Resizing.FromFourK),
    ("polling", Polling.Jobs),
    ("result after the vendor's end", Following.Jobs),
    ("Import-Module in a fresh pwsh", Importing.FreshProcess),
];
foreach ((string name, Func<string> measure) in benchmarks)
    Console.WriteLine($"{name,-32}{measure()}");
