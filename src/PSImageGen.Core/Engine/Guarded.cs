using PSImageGen.Core.Providers;

namespace PSImageGen.Core.Engine;

/// <summary>Lets a translation read an answer of any form: what it stumbles over is an answer that cannot be used, never an end of the run.</summary>
internal static class Guarded
{
    /// <summary>What came of an order.</summary>
    public static SubmitAnswer ReadSubmit(Provider provider, ProviderCall call, VendorAnswer answer)
    {
        if (answer.Json is null && answer.Parts == 0)
            return new SubmitAnswer.Refused(VendorFailure.Unusable(answer, answer.Text ?? Words.Of("The answer is empty.")));
        return Try(() => provider.ReadSubmit(call, answer), new SubmitAnswer.Refused(VendorFailure.Unusable(answer, Words.Of("The answer has an unexpected form."))));
    }

    /// <summary>What an event of the stream that answers an order says of it; null when it says nothing.</summary>
    public static SubmitAnswer? ReadSubmitEvent(Provider provider, ProviderCall call, string type, VendorAnswer data) =>
        data.Json is null ? null : Try(() => provider.ReadSubmitEvent(call, type, data), null);

    /// <summary>How a task stands; an answer of a form nobody knows is no end: keep waiting.</summary>
    public static StatusAnswer Read(Func<StatusAnswer> read) => Try(read, new StatusAnswer.Working(Started: true));

    /// <summary>What an event says; null when it says nothing.</summary>
    public static StatusAnswer? ReadEvent(Func<StatusAnswer?> read) => Try(read, null);

    /// <summary>What a refusal means; what the translation stumbles over is judged by its status alone.</summary>
    public static VendorFailure Classify(Provider provider, VendorAnswer answer) => Try(() => provider.Classify(answer), VendorFailure.FromStatus(answer, null, null));

    /// <inheritdoc cref="Classify"/>
    public static VendorFailure ClassifySubmit(Provider provider, ProviderCall call, VendorAnswer answer) => Try(() => provider.ClassifySubmit(call, answer), VendorFailure.FromStatus(answer, null, null));

    /// <summary>What is left in an account; null when the answer does not say.</summary>
    public static Funds? ReadBalance(Provider provider, VendorAnswer answer) => answer.Json is null ? null : Try(() => provider.ReadBalance(answer), null);

    private static T Try<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (OutOfMemoryException or AIImageException))
        {
            return otherwise;
        }
    }
}
