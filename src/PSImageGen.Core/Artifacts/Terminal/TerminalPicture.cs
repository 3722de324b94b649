using PSImageGen.Core.Artifacts.Pixels;

namespace PSImageGen.Core.Artifacts.Terminal;

/// <summary>The room for a picture, in cells.</summary>
public sealed record TerminalRoom(int Columns, int Rows);

/// <summary>Draws the picture of a file for a terminal.</summary>
public static class TerminalPicture
{
    /// <summary>Larger files are made smaller first: the picture on disk is there for a closer look.</summary>
    public const int MaxBytesAsIs = 1024 * 1024;

    // Where a terminal does not tell; the second is what makes a picture sharp where there are more pixels to a cell.
    private const int CellWidth = 10, CellHeight = 20, Sharpness = 2;

    /// <summary>What to write to the terminal, without an end of line; null where the pixels of this kind of file cannot be read here.</summary>
    /// <param name="path">The file.</param>
    /// <param name="terminal">What the terminal can do.</param>
    /// <param name="room">How much of it the picture may take. It is never blown up.</param>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: no picture, cut short, or not to be read.</exception>
    public static string? Draw(string path, TerminalCapabilities terminal, TerminalRoom room)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(room);
        byte[] file;
        try
        {
            file = Tasks.AtomicFile.Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ImageUnreadable(path, e);
        }

        ImageInfo info = Check(path, file);
        (int cellWidth, int cellHeight) = terminal.Cell ?? (CellWidth, CellHeight);
        double scale = Math.Min(1, Math.Min((double)room.Columns * cellWidth / info.Width, (double)room.Rows * cellHeight / info.Height));
        int columns = Math.Clamp((int)Math.Round(info.Width * scale / cellWidth), 1, room.Columns);
        PixelImage? Scaled(double factor) => Pixels(path, file) is { } image
            ? PixelTools.Scale(image, Math.Max(1, (int)Math.Round(image.Width * factor)), Math.Max(1, (int)Math.Round(image.Height * factor)))
            : null;
        IEnumerable<string>? sequences = terminal.Protocol switch
        {
            TerminalProtocol.Kitty => ((info.Format == "png" ? Small(file) : null) ?? Png(Scaled(Sharper(scale)))) is { } png ? InlineGraphics.Kitty(png, columns) : null,
            TerminalProtocol.ITerm2 => (Small(file) ?? Png(Scaled(Sharper(scale)))) is { } any ? [InlineGraphics.ITerm2(any, Path.GetFileName(path), columns)] : null,
            TerminalProtocol.Sixel => Scaled(scale) is { } image ? [PaintedGraphics.Sixel(image)] : null,
            TerminalProtocol.Blocks => Blocks(Pixels(path, file), room),
            _ => null,
        };
        if (!terminal.Tmux || terminal.Protocol == TerminalProtocol.Blocks)
            return sequences is null ? null : string.Concat(sequences);
        string[]? wrapped = sequences?.Select(InlineGraphics.ThroughTmux).ToArray();
        return wrapped is null || wrapped.Any(s => s.Length > InlineGraphics.TmuxLimit) ? null : string.Concat(wrapped);
    }

    /// <summary>A text that leads to a file where it is clicked.</summary>
    public static string Link(string path, string text) => InlineGraphics.Link(path, text);

    /// <summary>What a file is, which must be a whole picture.</summary>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: no picture, cut short, or not to be read.</exception>
    public static ImageInfo Identify(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Check(path, ImageProbe.Identify(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ImageUnreadable(path, e);
        }
    }

    private static ImageInfo Check(string path, byte[] file) => Check(path, ImageProbe.Identify(new MemoryStream(file)));

    private static ImageInfo Check(string path, ImageInfo? info) =>
        info is null ? throw Errors.NotAnImage(path) : info.Complete ? info : throw Errors.ImageTruncated(path);

    private static double Sharper(double scale) => Math.Min(1, scale * Sharpness);

    private static byte[]? Small(byte[] file) => file.Length <= MaxBytesAsIs ? file : null;

    private static byte[]? Png(PixelImage? image)
    {
        if (image is null)
            return null;
        using MemoryStream png = new();
        image.WritePng(png);
        return png.ToArray();
    }

    private static PixelImage? Pixels(string path, byte[] file)
    {
        if (ImageProbe.Identify(new MemoryStream(file)) is not { Format: "png" or "jpeg" })
            return null;
        try
        {
            return PixelImage.Read(new MemoryStream(file));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Errors.ImageUnreadable(path, e);
        }
    }

    // A cell holds one pixel beside and two above each other, and is taken to be twice as high as wide.
    private static IEnumerable<string>? Blocks(PixelImage? image, TerminalRoom room)
    {
        if (image is null)
            return null;
        double scale = Math.Min(1, Math.Min((double)room.Columns / image.Width, (double)room.Rows * 2 / image.Height));
        return [PaintedGraphics.Blocks(PixelTools.Scale(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)))).TrimEnd('\n')];
    }
}
