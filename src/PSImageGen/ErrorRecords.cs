using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Providers;

namespace PSImageGen;

/// <summary>Makes every error record of the module.</summary>
internal static class ErrorRecords
{
    /// <summary>The record of an error.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="target">The run it concerns, or the input when no run began.</param>
    public static ErrorRecord Of(AIImageException exception, object? target) =>
        new(exception, exception.Error.Id.ToString(), Category(exception.Error), target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.Error.Recommendation },
        };

    /// <summary>The exception of an error of this assembly's own.</summary>
    public static AIImageException Make(ImageErrorId id, string message, string recommendation, Exception? inner = null) =>
        new(new ImageError { Id = id, Message = message, Recommendation = recommendation }, inner);

    /// <summary>Nobody can be asked.</summary>
    public static AIImageException ConsentRequired(string question, Exception? inner) =>
        Make(ImageErrorId.ConsentRequired, Words.Sentences(Words.Of("A paid call needs your yes, and no question can be asked here. Nothing was sent."), question),
            Words.Of("Add -Confirm:$false (or -Force) to spend without being asked; -WhatIf shows the price."), inner);

    /// <summary>A key is wanted, and none was given.</summary>
    public static AIImageException NoKeyGiven(ProviderProfile profile) =>
        Make(ImageErrorId.CredentialMissing, Words.Of($"No key was given for {profile.Id}, and it cannot be asked for here. Nothing was stored."),
            Words.Of($"Type the command at a prompt, or give -Credential a SecureString with the key, or set $env:{profile.CredentialNames[0]} to it."));

    /// <summary>A provider without keys.</summary>
    public static AIImageException NoKeyNeeded(ProviderProfile profile) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{profile.Id} needs no key."), profile.KeyInBaseUrl
            ? Words.Of($"A password for your server goes into its address: $env:{profile.BaseUrlVariable} = 'http://user:password@host:port'")
            : Words.Of("Leave it out."));

    /// <summary>Nothing is there to be forgotten.</summary>
    public static AIImageException NoKeyKept(ProviderProfile profile) =>
        Make(ImageErrorId.CredentialMissing, Words.Of($"No key of {profile.Id} is kept in a file here."), Words.Of($"To see where one is: Get-AIImageCredential {profile.Id}"));

    /// <summary>The module of vaults is missing.</summary>
    public static AIImageException NoVault() =>
        Make(ImageErrorId.InvalidRequest, Words.Of("The module Microsoft.PowerShell.SecretManagement is not there, so there is no vault. Nothing was changed."),
            Words.Of("Install it with Install-PSResource Microsoft.PowerShell.SecretManagement, or leave out -Vault to use a file that only you can read."));

    /// <summary>A vault that does not take a secret, or does not let it go.</summary>
    public static AIImageException VaultUnwritable(string vault, string reason) =>
        Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"The vault '{vault}' did not do it: {reason}"), Words.Of("Get-SecretVault lists the vaults there are. Leave out -Vault to use a file that only you can read."));

    /// <summary>The words for a vault that gives nothing.</summary>
    public static string VaultUnreadable(string reason) => Words.Of($"The vault cannot be read: {Core.Wire.PlainText.Clean(reason, 200)}");

    /// <summary>A path outside the file system.</summary>
    public static AIImageException NotAFilePath(string path) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"'{path}' is not a path of the file system."), Words.Of("Give a folder or file on a disk."));

    /// <summary>A variable that is another vendor's.</summary>
    public static AIImageException KeyOfAnother(string variable, string owner) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{variable} holds the key of {owner}: it must not be sent to another vendor."), Words.Of("Give -Credential another variable, or the key itself as a SecureString."));

    /// <summary>A name under which nothing is registered.</summary>
    public static AIImageException NotRegistered(string name)
    {
        string[] registered = [.. ProviderRegistry.Current.Providers.Where(p => p.Profile.Origin is not null).Select(p => p.Profile.Id).Concat(ProviderRegistry.Current.Unreadable.Keys)];
        return Make(ImageErrorId.InvalidRequest, Words.Of($"No provider called '{Core.Wire.PlainText.Clean(name, 120)}' was registered."),
            registered.Length > 0 ? Words.Of($"Registered are: {Words.List(registered)}.") : Words.Of("Nothing is registered. Providers that are built in cannot be taken away; Set-AIImagePreference -Blocked keeps one from being used."));
    }

    private static ErrorCategory Category(ImageError error) => error.Id switch
    {
        ImageErrorId.InvalidRequest => ErrorCategory.InvalidArgument,
        ImageErrorId.InvalidImage => ErrorCategory.InvalidData,
        ImageErrorId.Unsupported => ErrorCategory.NotImplemented,
        ImageErrorId.NoProvider => ErrorCategory.ObjectNotFound,
        ImageErrorId.CredentialMissing => ErrorCategory.AuthenticationError,
        ImageErrorId.ConsentRequired => ErrorCategory.PermissionDenied,
        ImageErrorId.BudgetExceeded => ErrorCategory.LimitsExceeded,
        ImageErrorId.AuthenticationFailed => error.HttpStatus == 403 ? ErrorCategory.PermissionDenied : ErrorCategory.AuthenticationError,
        ImageErrorId.InsufficientCredits => ErrorCategory.QuotaExceeded,
        ImageErrorId.ContentRefused => ErrorCategory.PermissionDenied,
        ImageErrorId.RateLimited => ErrorCategory.LimitsExceeded,
        ImageErrorId.NotFound => ErrorCategory.ObjectNotFound,
        ImageErrorId.ProviderUnavailable => error.HttpStatus is null ? ErrorCategory.ConnectionError : ErrorCategory.ResourceUnavailable,
        ImageErrorId.OutcomeUnknown => ErrorCategory.ConnectionError,
        ImageErrorId.TimedOut => ErrorCategory.OperationTimeout,
        ImageErrorId.LinkExpired => ErrorCategory.ResourceUnavailable,
        ImageErrorId.InvalidResponse => ErrorCategory.InvalidResult,
        ImageErrorId.RecordInvalid => ErrorCategory.InvalidData,
        ImageErrorId.ArtifactWriteFailed => ErrorCategory.WriteError,
        _ => ErrorCategory.NotSpecified,
    };
}
