using PSImageGen.Core.Credentials;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;

namespace PSImageGen.Benchmarks;

/// <summary>From the words of a row, and a size that no model makes, to a plan with its price.</summary>
internal static class Planning
{
    public static string FiveHundredRows()
    {
        Planner planner = new(ProviderRegistry.BuiltIn, new Surroundings(name => name.EndsWith("_KEY", StringComparison.Ordinal) ? "key" : null));
        string[] providers = ["OpenAI", "BFL", "Demo"];
        double[] times = Timing.Repeat(20, () =>
        {
            for (int row = 0; row < 500; row++)
            {
                RequestDraft draft = new() { Prompt = $"a lighthouse at dawn, view {row}", Size = $"{1400 + row}x1023", Count = 2, Style = "woodcut" };
                planner.Plan(new ImageRequest(ImageOperation.Generate, draft), new Selection { Provider = providers[row % 3] });
            }
        });
        return $"{times.At(0.5):0.0} ms (median of {times.Length})";
    }
}
