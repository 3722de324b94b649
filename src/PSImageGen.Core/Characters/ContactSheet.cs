using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Characters;

/// <summary>Draws all pictures of a sheet on one page: the portrait large, the others around it, each with its name below.</summary>
internal static class ContactSheet
{
    private const int Cell = 240, Gap = 16, Margin = 24, Caption = 36, Head = 84, Columns = 5, Large = 2;
    private const byte Paper = 250, Frame = 228, Ink = 40, Faint = 120;

    /// <summary>Draws the page.</summary>
    public static PixelImage Draw(CharacterSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        CharacterPicture[] others = [.. sheet.Pictures.Skip(1)];
        (int X, int Y)[] cells = [.. Cells().Take(others.Length)];
        int rows = Math.Max(Large, cells.Length == 0 ? 0 : cells[^1].Y + 1);
        PixelImage page = new((Margin * 2) + Across(Columns), Head + Margin + (rows * (Cell + Caption + Gap)));
        PixelText.Fill(page, 0, 0, page.Width, page.Height, Paper);
        string likeness = sheet.Drift switch { DriftState.Passed => "likeness: passed", DriftState.Failed => "likeness: some differ", _ => "likeness: not checked" };
        Write(page, sheet.Name, Margin, Margin, 5, Ink, page.Width / 2);
        Write(page, sheet.Provider is null ? likeness : $"{sheet.Provider}, {sheet.Model}", page.Width / 2, Margin, 2, Faint, (page.Width / 2) - Margin);
        if (sheet.Provider is not null)
            Write(page, likeness, page.Width / 2, Margin + 22, 2, Faint, (page.Width / 2) - Margin);

        Place(page, sheet.Pictures[0], 1, 0, 0, Across(Large), (Large * Cell) + ((Large - 1) * (Gap + Caption)));
        for (int i = 0; i < others.Length; i++)
            Place(page, others[i], i + 2, cells[i].X, cells[i].Y, Cell, Cell);
        return page;
    }

    // From the left to the right and down, around the large picture.
    private static IEnumerable<(int X, int Y)> Cells()
    {
        for (int i = 0; ; i++)
        {
            (int x, int y) = (i % Columns, i / Columns);
            if (x >= Large || y >= Large)
                yield return (x, y);
        }
    }

    private static int Across(int cells) => (cells * Cell) + ((cells - 1) * Gap);

    private static void Place(PixelImage page, CharacterPicture picture, int number, int column, int row, int width, int height)
    {
        (int left, int top) = (Margin + (column * (Cell + Gap)), Head + (row * (Cell + Caption + Gap)));
        PixelText.Fill(page, left, top, width, height, Frame);
        string? missing = picture.Path is null ? "not made" : Paste(page, picture.Path, left, top, width, height);
        if (missing is not null)
            Write(page, missing, left + ((width - (missing.Length * PixelText.Advance * 2)) / 2), top + (height / 2) - PixelText.Height, 2, Faint, width);
        // A name in other letters is found by its number in the passport.
        string name = PixelText.CanWrite(picture.Label) ? picture.Label : $"no. {number}";
        Write(page, picture.Drift == DriftState.Failed ? $"{name} (differs)" : name, left, top + height + 10, 2, Ink, width);
    }

    // Why it cannot be shown; null when it is.
    private static string? Paste(PixelImage page, string path, int left, int top, int width, int height)
    {
        PixelImage image;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            image = PixelImage.Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return $"no preview of {Path.GetExtension(path).TrimStart('.')}";
        }

        double scale = Math.Min((double)width / image.Width, (double)height / image.Height);
        ImageSize size = new(Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
        PixelImage small = PixelTools.Scale(image, size.Width, size.Height);
        (int x, int y) = (left + ((width - size.Width) / 2), top + ((height - size.Height) / 2));
        for (int line = 0; line < size.Height; line++)
        {
            for (int at = 0; at < size.Width; at++)
            {
                ReadOnlySpan<byte> from = small.Rgba.AsSpan(((line * size.Width) + at) * 4, 4);
                Span<byte> to = page.Rgba.AsSpan((((y + line) * page.Width) + x + at) * 4, 4);
                for (int c = 0; c < 3; c++)
                    to[c] = (byte)(((from[c] * from[3]) + (to[c] * (255 - from[3]))) / 255);
            }
        }

        return null;
    }

    // As much of a text as there is room for.
    private static void Write(PixelImage page, string text, int left, int top, int dot, byte grey, int room)
    {
        int letters = room / (PixelText.Advance * dot);
        if (PixelText.CanWrite(text))
            PixelText.Write(page, text.Length <= letters ? text : text[..Math.Max(0, letters - 2)] + "..", left, top, dot, grey);
    }
}
