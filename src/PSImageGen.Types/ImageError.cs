using System.Globalization;

namespace PSImageGen;

/// <summary>The kinds of failure. The name is the error id that scripts rely on.</summary>
public enum ImageErrorId
{
    /// <summary>The request itself is wrong; nothing was sent.</summary>
    InvalidRequest,
    /// <summary>An input image cannot be used.</summary>
    InvalidImage,
    /// <summary>The provider or model cannot do what was asked.</summary>
    Unsupported,
    /// <summary>No configured provider can do it.</summary>
    NoProvider,
    /// <summary>The provider's key is not set.</summary>
    CredentialMissing,
    /// <summary>A paid call needs a yes that could not be asked for.</summary>
    ConsentRequired,
    /// <summary>The price is above a ceiling of the user.</summary>
    BudgetExceeded,
    /// <summary>The provider did not accept the key.</summary>
    AuthenticationFailed,
    /// <summary>The account has no money left.</summary>
    InsufficientCredits,
    /// <summary>The provider's content policy said no.</summary>
    ContentRefused,
    /// <summary>Too many requests.</summary>
    RateLimited,
    /// <summary>The model, task or address does not exist at the provider.</summary>
    NotFound,
    /// <summary>The provider cannot be reached or cannot serve now.</summary>
    ProviderUnavailable,
    /// <summary>It was sent, and no answer was seen: it may have been billed.</summary>
    OutcomeUnknown,
    /// <summary>The wait ended; the job goes on at the provider.</summary>
    TimedOut,
    /// <summary>The link to the finished picture has expired.</summary>
    LinkExpired,
    /// <summary>The provider answered something that cannot be used.</summary>
    InvalidResponse,
    /// <summary>A record on disk cannot be read or does not belong.</summary>
    RecordInvalid,
    /// <summary>A file could not be written.</summary>
    ArtifactWriteFailed,
}

/// <summary>What went wrong, in words for the user, without a key in it.</summary>
public sealed record ImageError
{
    /// <summary>The kind.</summary>
    public required ImageErrorId Id { get; init; }

    /// <summary>What happened, and to what.</summary>
    public required string Message { get; init; }

    /// <summary>What to do next: what to type, in plain words.</summary>
    public required string Recommendation { get; init; }

    /// <summary>The vendor's own words, cleaned of control characters and keys; null when it said nothing.</summary>
    public string? VendorMessage { get; init; }

    /// <summary>The vendor's own error code.</summary>
    public string? VendorCode { get; init; }

    /// <summary>The HTTP status of the vendor's answer, when there was one.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The vendor's name for the request, for its support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether money may have been spent on this run.</summary>
    public bool MayHaveBeenCharged { get; init; }

    /// <summary>The provider concerned.</summary>
    public string? Provider { get; init; }

    /// <summary>The run concerned.</summary>
    public string? RunId { get; init; }

    /// <summary>The vendor's task id, when it gave one.</summary>
    public string? TaskId { get; init; }

    /// <summary>Where the run's record lies.</summary>
    public string? RecordPath { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Id}: {Message}";
}

/// <summary>A failure of PSImageGen, with everything a user needs to know in <see cref="Error"/>.</summary>
public sealed class AIImageException : Exception
{
    /// <summary>Makes the exception of an error.</summary>
    public AIImageException(ImageError error, Exception? inner = null)
        : base(Describe(error), inner)
    {
        Error = error;
    }

    /// <summary>What went wrong.</summary>
    public ImageError Error { get; }

    private static string Describe(ImageError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        string space = Language.Of(" "), text = error.Message;
        if (!string.IsNullOrEmpty(error.VendorMessage))
            text += space + string.Format(CultureInfo.InvariantCulture, Language.Of("{0} said: {1}"), error.Provider ?? Language.Of("The provider"), Sentence(error.VendorMessage));
        if (error.MayHaveBeenCharged)
            return text + space + Language.Of("Money may have been spent.");
        // A run that got as far as a provider.
        return error.RunId is not null && error.Provider is not null ? text + space + Language.Of("It costs nothing.") : text;
    }

    private static string Sentence(string text) => char.IsLetterOrDigit(text[^1]) || text[^1] is ')' or '"' or '\''
        ? string.Format(CultureInfo.InvariantCulture, Language.Of("{0}."), text)
        : text;
}
