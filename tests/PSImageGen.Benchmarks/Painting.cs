using PSImageGen.Core.Providers.Demo.Painting;

namespace PSImageGen.Benchmarks;

/// <summary>The painter of the provider Demo.</summary>
internal static class Painting
{
    private static readonly string[] Prompts =
    [
        "a red panda on a mossy branch", "a lighthouse at dawn above a calm sea", "a city at night", "snowy mountains",
        "a desert with cacti", "a field of poppies", "a nebula and two planets", "a portrait of a woman", "circles and squares",
    ];

    public static string Megapixel()
    {
        double[] medians = [.. Prompts.Select(prompt => Timing.Repeat(3, () =>
        {
            using MemoryStream png = new();
            DemoPainter.Paint(png, prompt, 7, 1024, 1024);
        }).At(0.5)).Order()];
        return $"{medians.At(0.5):0} ms (median of {Prompts.Length} scenes; {medians[0]:0} to {medians[^1]:0} ms)";
    }
}
