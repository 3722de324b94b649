namespace PSImageGen.Module.Tests.Harness;

/// <summary>What a started PowerShell sees of this machine.</summary>
internal static class Surroundings
{
    private static readonly string[] Unwanted =
    [
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy",
        "OPENAI_API_KEY", "OPENAI_BASE_URL", "BFL_API_KEY", "BFL_BASE_URL",
    ];

    /// <summary>Takes away whatever could lead a test to the real world, and what makes output differ between machines.</summary>
    public static void Clean(IDictionary<string, string?> environment)
    {
        foreach (string name in Unwanted)
            environment.Remove(name);
        environment["LC_ALL"] = "C.UTF-8";
        environment["NO_COLOR"] = "1";
        environment["TERM"] = "dumb";
        environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        environment["POWERSHELL_UPDATECHECK"] = "Off";
    }
}
