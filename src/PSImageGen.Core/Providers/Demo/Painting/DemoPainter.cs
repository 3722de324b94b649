using PSImageGen.Core.Artifacts;

namespace PSImageGen.Core.Providers.Demo.Painting;

/// <summary>
/// Draws the Demo provider's pictures: landscapes, seas, cities, planets, still lifes and abstract pieces, chosen by the prompt's words
/// and, where they say nothing, by its hash.
/// </summary>
public static class DemoPainter
{
    /// <summary>
    /// Paints a picture and writes it as an 8-bit RGB PNG. The same prompt, seed and size give the same pixels on every machine.
    /// Takes three bytes of memory a pixel.
    /// </summary>
    /// <param name="png">Where the file is written; stays open.</param>
    /// <param name="prompt">Any text, empty too.</param>
    /// <param name="seed">Any number; another seed is another composition of the same motif.</param>
    /// <param name="width">Width in pixels, 16 to 8192.</param>
    /// <param name="height">Height in pixels, 16 to 8192.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is shorter or longer than that.</exception>
    public static void Paint(Stream png, string prompt, long seed, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(png);
        var canvas = Draw(prompt, seed, width, height);
        PngWriter.Write(png, width, height, canvas.Pixels, 3);
    }

    internal static DemoCanvas Draw(string prompt, long seed, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 8192);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 8192);
        var brief = new DemoBrief(prompt, seed);
        var canvas = new DemoCanvas(width, height);
        switch (brief.Motif)
        {
            case DemoMotif.Mountains:
                MountainScene.Paint(canvas, brief);
                break;
            case DemoMotif.Sea:
                SeaScene.Paint(canvas, brief);
                break;
            case DemoMotif.Desert:
                DesertScene.Paint(canvas, brief);
                break;
            case DemoMotif.Forest:
                ForestScene.Paint(canvas, brief);
                break;
            case DemoMotif.City:
                CityScene.Paint(canvas, brief);
                break;
            case DemoMotif.Space:
                SpaceScene.Paint(canvas, brief);
                break;
            case DemoMotif.Flowers:
                FlowerScene.Paint(canvas, brief);
                break;
            case DemoMotif.Branch:
                BranchScene.Paint(canvas, brief);
                break;
            case DemoMotif.Portrait:
                PortraitScene.Paint(canvas, brief);
                break;
            default:
                AbstractScene.Paint(canvas, brief);
                break;
        }

        return canvas;
    }
}
