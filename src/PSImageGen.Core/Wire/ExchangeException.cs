namespace PSImageGen.Core.Wire;

/// <summary>No whole answer was seen.</summary>
public sealed class ExchangeException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="sent">Whether any part of the body may have left this machine.</param>
    /// <param name="unusable">Whether an answer came but was against the rules, so that asking again would bring the same.</param>
    /// <param name="message">What happened, in words for users.</param>
    /// <param name="inner">The cause.</param>
    public ExchangeException(bool sent, bool unusable, string message, Exception? inner)
        : base(message, inner)
    {
        Sent = sent;
        Unusable = unusable;
    }

    /// <summary>Whether any part of the body may have left this machine.</summary>
    public bool Sent { get; }

    /// <summary>Whether an answer came but was against the rules.</summary>
    public bool Unusable { get; }
}
