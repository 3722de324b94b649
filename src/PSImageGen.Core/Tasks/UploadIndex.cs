using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tasks;

/// <summary>
/// What vendors call the pictures uploaded to them, so that each picture goes to each vendor once for as long as the vendor keeps it: one
/// small file an upload, its name made from the account, the address and the picture's bytes.
/// </summary>
internal sealed class UploadIndex
{
    private readonly string _folder;

    /// <summary>The index below a state folder.</summary>
    public UploadIndex(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "uploads");
    }

    /// <summary>The name under which an upload is kept. It tells nothing of the key or the picture.</summary>
    /// <exception cref="IOException">The picture cannot be read.</exception>
    public static string NameOf(Endpoint endpoint, InputFile file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{endpoint.Profile.Id}\n{endpoint.BaseUrl}\n{endpoint.Credential?.Reveal()}\n{file.MediaType}\n"));
        using (FileStream picture = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read))
            hash.AppendData(SHA256.HashData(picture));
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16)).ToLowerInvariant();
    }

    /// <summary>What the vendor calls it; null when it was never uploaded, or so long ago that the vendor may have forgotten it.</summary>
    public string? Find(string name, DateTimeOffset now)
    {
        try
        {
            string[] lines = File.ReadAllText(Path.Combine(_folder, name)).Split('\n', 2);
            return lines.Length == 2 && DateTimeOffset.TryParse(lines[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset until) && now < until ? lines[1] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Remembers what the vendor calls it.</summary>
    public void Add(string name, string reference, DateTimeOffset until)
    {
        try
        {
            MakeFolder();
            AtomicFile.Write(Path.Combine(_folder, name), Encoding.UTF8.GetBytes($"{until.ToString("o", CultureInfo.InvariantCulture)}\n{reference}"));
            foreach (string old in Directory.EnumerateFiles(_folder).Where(f => File.GetLastWriteTimeUtc(f) < DateTime.UtcNow - TimeSpan.FromDays(8)))
                AtomicFile.TryDelete(old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is uploaded once more next time.
        }
    }

    // At some vendors whoever knows the link of an upload can see the picture, so other users of this machine may not read it here.
    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Forgets an upload that an order was refused with: it may be gone at the vendor.</summary>
    public void Remove(string name) => AtomicFile.TryDelete(Path.Combine(_folder, name));
}
