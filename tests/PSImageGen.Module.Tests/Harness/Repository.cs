using System.Reflection;

namespace PSImageGen.Module.Tests.Harness;

/// <summary>Where things lie in the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>The module as it ships.</summary>
    public static string Module { get; } = At("output", "PSImageGen");

    public static string At(params string[] parts) => Path.GetFullPath(Path.Combine([Root, .. parts]));

    /// <summary>A script of this project, run from where it is written.</summary>
    public static string Script(params string[] parts) => At(["tests", "PSImageGen.Module.Tests", .. parts]);
}
