namespace PSImageGen.Module.Tests.Gate;

/// <summary>What becomes of a call.</summary>
public enum Outcome
{
    /// <summary>It is made.</summary>
    Made,

    /// <summary>Shown but not made.</summary>
    Rehearsed,

    /// <summary>The user said no.</summary>
    Declined,

    /// <summary>Nobody could be asked.</summary>
    ConsentRequired,
}

/// <summary>One way of calling New-AIImage.</summary>
public sealed record GateRow(string Host, string Provider, string WhatIf, bool Force, string Confirm)
{
    public static readonly string[] Providers = ["Demo", "OpenAI", "BFL"];

    public static readonly string[] WhatIfs = ["-", "-WhatIf", "$WhatIfPreference", "$WhatIfPreference -WhatIf:$false"];

    public static readonly string[] Confirms =
    [
        "-", "-Confirm", "-Confirm:$false", "default values $false", "default values $true",
        "$ConfirmPreference None", "$ConfirmPreference Low", "$ConfirmPreference Medium", "$ConfirmPreference High",
    ];

    /// <summary>A text that no other row has; it is the prompt, by which the vendor's books are read.</summary>
    public string Key => $"{Host} / {Provider} / {WhatIf} / {(Force ? "-Force" : "-")} / {Confirm}";

    public bool IsFree => Provider == "Demo";

    /// <summary>Whether the user is asked, by the rules of DESIGN.md section 4.</summary>
    public bool Asks
    {
        get
        {
            bool confirms = Confirm is "-Confirm" or "default values $true";
            bool agrees = Confirm is "-Confirm:$false" or "default values $false" or "$ConfirmPreference None";
            return !IsRehearsal && !Force && !agrees && (!IsFree || confirms);
        }
    }

    public bool IsRehearsal => WhatIf is "-WhatIf" or "$WhatIfPreference";

    public static IEnumerable<GateRow> All(string host) =>
        from provider in Providers
        from whatIf in WhatIfs
        from force in new[] { false, true }
        from confirm in Confirms
        select new GateRow(host, provider, whatIf, force, confirm);
}
