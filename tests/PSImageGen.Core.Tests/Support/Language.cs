using System.Globalization;
using System.Runtime.CompilerServices;

namespace PSImageGen.Core.Tests.Support;

/// <summary>Another language for a while.</summary>
internal sealed class Language : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    /// <summary>The tests read English, whatever the machine speaks.</summary>
    [ModuleInitializer]
    internal static void SpeakEnglish() => CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

    public Language(string culture) => CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);

    public void Dispose() => CultureInfo.CurrentUICulture = _before;
}
