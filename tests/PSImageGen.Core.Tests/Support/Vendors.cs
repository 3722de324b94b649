using System.Text.Json.Nodes;
using PSImageGen.Core.Providers;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Images;
using PSImageGen.FakeProviders.Log;

namespace PSImageGen.Core.Tests.Support;

/// <summary>What the tests of a vendor's translation have in common.</summary>
internal static class VendorTools
{
    /// <summary>An answer as the transport would hand it over.</summary>
    public static VendorAnswer Answer(int status, string json, int parts = 0, params (string Name, string Value)[] headers) =>
        new(status, headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase), JsonNode.Parse(json), null, parts);

    /// <summary>An answer that is no JSON.</summary>
    public static VendorAnswer Page(int status, string text) => new(status, new Dictionary<string, string>(), null, text, 0);

    /// <summary>A small picture on disk.</summary>
    public static string Picture(this Spine spine, string format = "png", int width = 96, int height = 64)
    {
        string path = spine.NewInput(format);
        File.WriteAllBytes(path, TinyImages.Make(format, width, height, path));
        return path;
    }

    /// <summary>A mask on disk, as users make them: its left half is white and may change.</summary>
    public static string Mask(this Spine spine, int width = 96, int height = 64)
    {
        string path = spine.NewInput("png");
        File.WriteAllBytes(path, TinyImages.PaintedPng(width, height, (x, _) => x < width / 2 ? ((byte)255, (byte)255, (byte)255, (byte)255) : ((byte)0, (byte)0, (byte)0, (byte)255)));
        return path;
    }

    /// <summary>The one order that the vendor got.</summary>
    public static RequestRecord Ordered(this Spine spine) => spine.Vendors.Requests.Single(r => r.Stage == FaultStage.Submit);

    private static string NewInput(this Spine spine, string format) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(spine.Folder)!, "inputs")).FullName, $"{Guid.NewGuid():N}.{format}");

    /// <summary>Whole pictures, paid once, and no key where it does not belong.</summary>
    public static void AssertDelivered(this Spine spine, Core.Engine.RunReport report, string vendor, int pictures = 1, int submits = 1)
    {
        Assert.Null(report.Error);
        Assert.Equal(ImageTaskStatus.Succeeded, report.Record.Status);
        Assert.Equal(pictures, report.Record.Delivered);
        Assert.Equal(pictures, spine.Pictures().Length);
        Assert.Equal(submits, spine.Vendors.Count(vendor).Submits);
        Assert.Equal(1, spine.Vendors.Count(vendor).BilledSubmits);
        Assert.Empty(spine.Vendors.Violations);
    }

    /// <summary>Adds a fault whose answer is a status of the vendor's own words.</summary>
    public static void Say(this Spine spine, string vendor, FaultStage stage, int status, string? code, int times = -1) =>
        spine.Vendors.Faults.Add(new Fault { Vendor = vendor, Stage = stage, Kind = FaultKind.Status, Status = status, Code = code, Times = times });
}

/// <summary>A small picture on disk, where nothing else is needed.</summary>
internal sealed class TempPicture : IDisposable
{
    public TempPicture(string format = "png", int width = 96, int height = 64) =>
        File.WriteAllBytes(Path, TinyImages.Make(format, width, height, Path));

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"psimagegen-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
