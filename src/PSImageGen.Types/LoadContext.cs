using System.Reflection;
using System.Runtime.Loader;

namespace PSImageGen;

/// <summary>
/// The private home of the cmdlets, the core and their dependencies, so that no other module's version of a dependency can
/// break this one, nor this one break another. This assembly itself stays in PowerShell's own context: its types have one identity.
/// </summary>
public sealed class LoadContext : AssemblyLoadContext
{
    private static readonly object Gate = new();
    private static LoadContext? _instance;

    private readonly string _folder;

    private LoadContext(string folder)
        : base("PSImageGen", isCollectible: false)
    {
        _folder = folder;
    }

    /// <summary>Loads the cmdlet assembly into the private context, once for each process.</summary>
    /// <returns>The cmdlet assembly, to be given to <c>Import-Module -Assembly</c>.</returns>
    public static Assembly Initialize()
    {
        lock (Gate)
        {
            _instance ??= new LoadContext(Path.GetDirectoryName(typeof(LoadContext).Assembly.Location)!);
            return _instance.LoadFromAssemblyPath(Path.Combine(_instance._folder, "PSImageGen.dll"));
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ArgumentNullException.ThrowIfNull(assemblyName);
        if (assemblyName.Name == typeof(LoadContext).Assembly.GetName().Name)
            return typeof(LoadContext).Assembly;

        string folder = string.IsNullOrEmpty(assemblyName.CultureName) ? _folder : Path.Combine(_folder, assemblyName.CultureName);
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
