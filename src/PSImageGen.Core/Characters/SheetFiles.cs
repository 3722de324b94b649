using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Characters;

/// <summary>The two files of a sheet beside its pictures: contact sheet and passport. They are written anew as the sheet grows, and never over somebody else's.</summary>
internal static class SheetFiles
{
    /// <summary>Writes both.</summary>
    /// <returns>The sheet with their paths.</returns>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public static CharacterSheet Write(CharacterOrder order, CharacterSheet sheet)
    {
        string passport = PassportPath(order), page = Page(passport);
        try
        {
            Directory.CreateDirectory(order.OutputDirectory);
            string aside = $"{page}.{Guid.NewGuid():N}.tmp";
            using (FileStream file = new(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                ContactSheet.Draw(sheet).WritePng(file);
            File.Move(aside, page, overwrite: true);
            sheet = sheet with { Path = page, Passport = passport };
            new CharacterPassport
            {
                Name = sheet.Name,
                Description = sheet.Description,
                BatchId = sheet.BatchId,
                Provider = sheet.Provider,
                Model = sheet.Model,
                ConsistencyMode = sheet.ConsistencyMode,
                Drift = sheet.Drift,
                ContactSheet = page,
                Pictures = sheet.Pictures,
            }.Write(passport);
            return sheet;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(passport, e);
        }
    }

    /// <summary>The part of a file name that says what a picture shows.</summary>
    public static string FileNameOf(string label)
    {
        string name = string.Concat(label.Select(c => char.IsLetterOrDigit(c) ? c : '-'));
        while (name.Contains("--", StringComparison.Ordinal))
            name = name.Replace("--", "-", StringComparison.Ordinal);
        name = name.Trim('-');
        return name.Length == 0 ? "picture" : name[..Math.Min(name.Length, 40)];
    }

    private static string Page(string passport) => passport[..^CharacterPassport.Extension.Length] + "-sheet.png";

    // That of the same sheet, else a name that nobody has.
    private static string PassportPath(CharacterOrder order)
    {
        for (int i = 1; ; i++)
        {
            string path = Path.Combine(order.OutputDirectory, (i == 1 ? order.Name : $"{order.Name}-{i}") + CharacterPassport.Extension);
            if (File.Exists(path) ? IsOurs(path, order.BatchId) : !File.Exists(Page(path)))
                return path;
        }
    }

    private static bool IsOurs(string path, string batchId)
    {
        try
        {
            return CharacterPassport.Read(path).BatchId == batchId;
        }
        catch (AIImageException)
        {
            return false;
        }
    }
}
