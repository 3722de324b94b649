using System.Management.Automation;

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
        Make(ImageErrorId.ConsentRequired, $"A paid call needs your yes, and no question can be asked here. Nothing was sent. {question}",
            "Add -Confirm:$false (or -Force) to spend without being asked; -WhatIf shows the price.", inner);

    /// <summary>A path outside the file system.</summary>
    public static AIImageException NotAFilePath(string path) =>
        Make(ImageErrorId.InvalidRequest, $"'{path}' is not a path of the file system.", "Give a folder or file on a disk.");

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
