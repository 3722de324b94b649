using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PSImageGen.Core.Providers.Described;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Providers;

/// <summary>The vendors the user registered: a file of JSON for each in the folder <c>providers</c> of the state folder, without any secret.</summary>
public sealed class RegisteredVendors
{
    private const int LongestName = 32;

    // Names that Windows keeps for devices.
    private static readonly string[] Devices = ["con", "prn", "aux", "nul", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"com{i}", $"lpt{i}" })];

    private readonly string _folder;

    /// <summary>Opens the list.</summary>
    public RegisteredVendors(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, "providers");
    }

    /// <summary>What tells one state of the files from another.</summary>
    internal string Mark()
    {
        if (!Directory.Exists(_folder))
            return _folder;
        IEnumerable<string> files = new DirectoryInfo(_folder).EnumerateFiles("*.json").OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}"));
        return string.Join('\n', files.Prepend(_folder));
    }

    /// <summary>Those that can be read, and of the others why they cannot, by name.</summary>
    internal (IReadOnlyList<Provider> Providers, IReadOnlyDictionary<string, AIImageException> Unreadable) Load()
    {
        List<Provider> providers = [];
        Dictionary<string, AIImageException> unreadable = new(StringComparer.OrdinalIgnoreCase);
        if (!Directory.Exists(_folder))
            return (providers, unreadable);
        foreach (string path in Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            try
            {
                VendorDescription vendor = JsonSerializer.Deserialize<VendorDescription>(AtomicFile.Read(path), VendorDescription.Json)!;
                // A file of another name would be a second way to the same id, or to one that is built in.
                if (!string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase) || Refusal(vendor.Name) is not null || vendor.Models.Count == 0)
                    throw new JsonException();
                CheckBaseUrl(vendor.Name, vendor.BaseUrl);
                providers.Add(new DescribedProvider(vendor));
            }
            catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException or AIImageException or ArgumentException)
            {
                unreadable[name] = Errors.RegistrationUnreadable(name, path, e);
            }
        }

        return (providers, unreadable);
    }

    /// <summary>Checks that a name may be one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="replace">Whether it may be one that is registered already.</param>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>.</exception>
    public void CheckName(string name, bool replace)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Refusal(name) is { } refusal)
            throw refusal;
        if (!replace && File.Exists(PathOf(name)))
            throw Errors.NameRegistered(name);
    }

    /// <summary>Checks that calls may go to an address.</summary>
    /// <exception cref="AIImageException"><c>InvalidRequest</c>.</exception>
    public static void CheckBaseUrl(string name, Uri baseUrl)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        if (!baseUrl.IsAbsoluteUri || (baseUrl.Scheme != Uri.UriSchemeHttps && baseUrl.Scheme != Uri.UriSchemeHttp) || baseUrl.UserInfo.Length > 0 || baseUrl.Query.Length > 0 || baseUrl.Fragment.Length > 0)
            throw Errors.RegistrationAddress(name, baseUrl.OriginalString);
        // The key would travel in the open.
        if (baseUrl.Scheme == Uri.UriSchemeHttp && !Wire.Endpoint.IsPrivateHost(baseUrl))
            throw Errors.RegistrationInTheOpen(name, baseUrl.Host);
    }

    /// <summary>Keeps a vendor, in place of the one of the same name.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public void Save(VendorDescription vendor)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        try
        {
            Directory.CreateDirectory(_folder);
            JsonNode json = JsonSerializer.SerializeToNode(vendor, VendorDescription.Json)!;
            Prune(json);
            AtomicFile.Write(PathOf(vendor.Name), JsonSerializer.SerializeToUtf8Bytes(json, VendorDescription.Json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(_folder, e);
        }
    }

    /// <summary>Whether a vendor is there, be its file damaged.</summary>
    public bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        // Names come from users, and a name is a path here.
        return Refusal(name) is null && File.Exists(PathOf(name));
    }

    /// <summary>Forgets a vendor that is there.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public void Remove(string name)
    {
        if (!Contains(name))
            return;
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.CannotWrite(PathOf(name), e);
        }
    }

    // What is empty says nothing.
    private static void Prune(JsonNode? node)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                Prune(item);
        }
        else if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToArray())
            {
                Prune(value);
                if (value is JsonArray { Count: 0 } or JsonObject { Count: 0 } && name != "models")
                    members.Remove(name);
            }
        }
    }

    private static AIImageException? Refusal(string name)
    {
        if (ProviderRegistry.BuiltIn.Find(name) is { } taken)
            return Errors.NameBuiltIn(taken.Profile.Id);
        bool plain = name.Length is > 0 and <= LongestName && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return plain && !Devices.Contains(name.ToLowerInvariant(), StringComparer.Ordinal) ? null : Errors.NameNotPlain(name);
    }

    private string PathOf(string name) => Path.Combine(_folder, name.ToLowerInvariant() + ".json");
}
