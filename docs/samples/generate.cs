#:project ../../src/PSImageGen.Core/PSImageGen.Core.csproj
#:property PublishAot=false

// A picture from a sentence with PSImageGen.Core alone, without PowerShell:
//
//   dotnet run docs/samples/generate.cs "a red panda on a mossy branch"            paints offline and free
//   dotnet run docs/samples/generate.cs "a red panda on a mossy branch" OpenAI     asks, then calls the provider
using PSImageGen;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

if (args is not [string prompt, .. string[] rest])
{
    Console.Error.WriteLine("usage: dotnet run docs/samples/generate.cs \"what the picture shows\" [provider]");
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
User user = new();
try
{
    ImageRequest request = new(ImageOperation.Generate, new RequestDraft { Prompt = prompt });
    Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings());
    Plan plan = planner.Plan(request, new Selection { Provider = rest.FirstOrDefault() ?? "Demo" });
    if (ApprovedCall.Gate.Approve(plan, user, new Budget()) is not { } call)
        return 1;

    using Engine engine = new(new EngineOptions());
    RunReport report = await engine.RunAsync(call, new RunOptions(Environment.CurrentDirectory), user, stop.Token);
    foreach (ImageFile image in report.ToResult().Images)
        Console.WriteLine(image.Path);
    return report.Error is { } error ? throw new AIImageException(error) : 0;
}
catch (AIImageException e)
{
    Console.Error.WriteLine($"{e.Message}\n{e.Error.Recommendation}");
    return 1;
}
catch (OperationCanceledException) { return 1; }

internal sealed class User : IConsent, IRunObserver
{
    public bool Ask(Plan plan)
    {
        Quote quote = plan.Candidates[0].Quote;
        if (!quote.IsFree)
            Console.Write($"{quote.Provider} {quote.Model}, {quote.Size}: about {(object?)quote.Amount ?? "an unknown number of"} {quote.Currency}. Go on? [y/n] ");
        return quote.IsFree || Console.ReadLine()?.Trim() is "y" or "Y";
    }

    public void Progress(RunProgress progress) { }
    public void Warn(string text) => Console.Error.WriteLine(text);
    public void Verbose(string text) { }
}
