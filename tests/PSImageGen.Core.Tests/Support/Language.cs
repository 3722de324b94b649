using System.Globalization;

namespace PSImageGen.Core.Tests.Support;

/// <summary>Another language for a while.</summary>
internal sealed class Language : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public Language(string culture) => CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);

    public void Dispose() => CultureInfo.CurrentUICulture = _before;
}
