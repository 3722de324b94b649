using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;
using PSImageGen.Core.Credentials;
using PSImageGen.Core.Wire;

namespace PSImageGen.Credentials;

/// <summary>
/// The vaults of the SecretManagement module as the session of a cmdlet sees them. They are asked on the pipeline thread alone, where a vault may ask for its
/// password; each name once. Other threads get what was found there.
/// </summary>
internal sealed class SessionVault : ISecretVault
{
    private const string Module = "Microsoft.PowerShell.SecretManagement";

    // What was not found is no error, and leaves none behind.
    private const string Get = """
        param($name)
        $failed = $null
        try { $found = Microsoft.PowerShell.SecretManagement\Get-Secret -Name $name -ErrorAction SilentlyContinue -ErrorVariable failed }
        catch { $failed = @($_) }
        foreach ($record in $failed) { $global:Error.Remove($record) }
        @{ Found = $found; Problem = "$($failed | Where-Object { $_.CategoryInfo.Category -ne 'ObjectNotFound' } | Select-Object -First 1)" }
        """;

    private readonly PSCmdlet _cmdlet;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Dictionary<string, string?> _known = [];

    private SessionVault(PSCmdlet cmdlet)
    {
        _cmdlet = cmdlet;
    }

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <summary>The vaults; null where the module is not there. Pipeline thread only.</summary>
    public static SessionVault? Of(PSCmdlet cmdlet)
    {
        // Asking for the command itself would look through all modules where it is missing.
        bool installed = (Environment.GetEnvironmentVariable("PSModulePath") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(p => Directory.Exists(Path.Combine(p, Module)));
        return installed || LanguagePrimitives.IsTrue(cmdlet.InvokeCommand.InvokeScript($"[bool] (Get-Module {Module})")[0]) ? new SessionVault(cmdlet) : null;
    }

    /// <inheritdoc/>
    public string? Find(string name)
    {
        lock (_known)
        {
            if (_known.TryGetValue(name, out string? known))
                return known;
            // A vault that is locked is not asked for its password once more for each name.
            if (Problem is not null || Environment.CurrentManagedThreadId != _thread)
                return null;
            return _known[name] = Ask(name);
        }
    }

    /// <summary>Puts a secret into a vault.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public void Save(string name, string vault, SecureString secret) =>
        Change($"param($name, $vault, $secret) {Module}\\Set-Secret -Name $name -Vault $vault -SecureStringSecret $secret -ErrorAction Stop", vault, name, vault, secret);

    /// <summary>Takes a secret out of a vault.</summary>
    /// <exception cref="AIImageException"><c>ArtifactWriteFailed</c>.</exception>
    public void Remove(string name, string vault) =>
        Change($"param($name, $vault) {Module}\\Remove-Secret -Name $name -Vault $vault -ErrorAction Stop", vault, name, vault);

    private string? Ask(string name)
    {
        try
        {
            System.Collections.Hashtable answer = (System.Collections.Hashtable)Invoke(Get, name)[0].BaseObject;
            if (answer["Problem"]?.ToString() is { Length: > 0 } problem)
                Problem = ErrorRecords.VaultUnreadable(problem);
            return (answer["Found"] is PSObject wrapped ? wrapped.BaseObject : answer["Found"]) switch
            {
                SecureString text => new NetworkCredential(string.Empty, text).Password,
                PSCredential pair => pair.GetNetworkCredential().Password,
                string text => text,
                _ => null,
            };
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            Problem = ErrorRecords.VaultUnreadable(e.Message);
            return null;
        }
    }

    private void Change(string script, string vault, params object[] values)
    {
        try
        {
            _ = Invoke(script, values);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw ErrorRecords.VaultUnwritable(vault, PlainText.Clean(e.Message, 200));
        }
    }

    private System.Collections.ObjectModel.Collection<PSObject> Invoke(string script, params object[] values) =>
        _cmdlet.InvokeCommand.InvokeScript(script, useNewScope: true, PipelineResultTypes.None, null, values);
}
