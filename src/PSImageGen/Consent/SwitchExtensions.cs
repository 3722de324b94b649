using System.Management.Automation;

namespace PSImageGen.Consent;

/// <summary>How the common switches of a cmdlet stand.</summary>
internal static class SwitchExtensions
{
    /// <summary>Whether only a rehearsal is wanted: by <c>-WhatIf</c>, or by preference where that is not given.</summary>
    public static bool IsWhatIf(this PSCmdlet cmdlet) => cmdlet.Switch("WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>A switch as it was given, by default values too; null when it was not.</summary>
    public static bool? Switch(this PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? value) ? value is SwitchParameter given ? given.ToBool() : LanguagePrimitives.IsTrue(value) : null;
}
