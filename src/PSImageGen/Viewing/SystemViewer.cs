using System.ComponentModel;
using System.Diagnostics;
using PSImageGen.Core;
using PSImageGen.Core.Artifacts;
using PSImageGen.Core.Artifacts.Terminal;

namespace PSImageGen.Viewing;

/// <summary>Opens pictures with the program the system has for them.</summary>
internal static class SystemViewer
{
    /// <summary>Opens one; does not wait.</summary>
    /// <exception cref="AIImageException"><c>InvalidImage</c>: it is no picture, or not named as one; <c>Unsupported</c>: there is no program.</exception>
    public static void Open(string path)
    {
        ImageInfo info = TerminalPicture.Identify(path);
        // The system goes by the name, and would run what is named as a program.
        string extension = Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        if (extension != info.Extension && extension != info.Format)
            throw ErrorRecords.Make(ImageErrorId.InvalidImage, Words.Of($"'{Core.Wire.PlainText.Clean(path, 120)}' is a {info.Format} picture, and not named as one: it is not opened."), Words.Of($"Rename it so that it ends in .{info.Extension}."));
        try
        {
            using Process? started = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            throw ErrorRecords.Make(ImageErrorId.Unsupported, Words.Of($"No program could be opened for '{Core.Wire.PlainText.Clean(path, 120)}'."), Words.Of("Open the file yourself, or leave out -External to see it in the terminal."), e);
        }
    }
}
