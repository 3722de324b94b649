namespace PSImageGen.FakeProviders.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Answers with the fault's status, body and headers; nothing is billed.</summary>
    Status,

    /// <summary>Bills, then answers with the fault's status (default 500).</summary>
    StatusAfterBilling,

    /// <summary>Breaks the connection before the request's body is read (with a <see cref="Fault.Match"/>: right after); nothing is billed.</summary>
    DropBeforeRead,

    /// <summary>Does not look at the request until the client goes away, the server stops, or hanging requests are released; billed only in the last case.</summary>
    HangBeforeRead,

    /// <summary>Bills, then breaks the connection without a byte of answer.</summary>
    DropBeforeAnswer,

    /// <summary>Bills, sends the headers and half of the body, then breaks the connection.</summary>
    DropMidAnswer,

    /// <summary>Bills, then gives a well-formed answer whose body is cut short.</summary>
    Truncate,

    /// <summary>Bills, then lets the answer trickle over <see cref="Fault.DelayMs"/> (default 2000).</summary>
    Slow,

    /// <summary>Bills, then does not answer until the client goes away, the server stops, or hanging requests are released.</summary>
    Hang,

    /// <summary>Bills, sends the headers and half of the body, then hangs likewise.</summary>
    HangMidAnswer,

    /// <summary>Bills, waits <see cref="Fault.DelayMs"/> (default 1000), then answers as usual.</summary>
    Delay,

    /// <summary>Bills, then gives an HTML page (or the fault's body) under the usual content type.</summary>
    WrongContent,

    /// <summary>Bills, then gives the fault's body with status 200 (or the fault's) under the usual content type.</summary>
    WrongBody,

    /// <summary>Answers 307 (or the fault's status) to <see cref="Fault.Location"/>; nothing is billed.</summary>
    Redirect,

    /// <summary>A task has the status in <see cref="Fault.TaskStatus"/>; ends of a task stay, other words last one poll.</summary>
    PollStatus,

    /// <summary>One picture fewer than asked for and billed.</summary>
    FewerImages,

    /// <summary>The vendor's content policy says no.</summary>
    Refuse,

    /// <summary>The download link is dead from now on.</summary>
    Expired,

    /// <summary>The task stays pending for ever.</summary>
    NeverReady,

    /// <summary>The link in the answer points to another origin (<c>localhost</c> in place of <c>127.0.0.1</c>).</summary>
    ForeignLink,

    /// <summary>Bills, then gives the answer which the request has without a stream, in place of the stream.</summary>
    NoStream,

    /// <summary>
    /// The last event of a stream has the name in <see cref="Fault.TaskStatus"/> (default <c>completed</c>, or as the vendor names it) and
    /// tells the id alone: no status and no result.
    /// </summary>
    BareEnd,

    /// <summary>A stream ends in order, but without the blank line after its last event (or that of <see cref="Fault.AfterEvents"/>).</summary>
    NoBlankLine,
}

/// <summary>Where it goes wrong.</summary>
public enum FaultStage
{
    /// <summary>The POST that is paid for.</summary>
    Submit,

    /// <summary>The event stream that answers a submit or follows a task.</summary>
    Stream,

    /// <summary>An upload of inputs ahead of the submit.</summary>
    Upload,

    /// <summary>A question about a task's state.</summary>
    Poll,

    /// <summary>A separate request for a task's result.</summary>
    Result,

    /// <summary>The wish that a task be given up.</summary>
    Cancel,

    /// <summary>The fetching of a picture.</summary>
    Download,

    /// <summary>Anything else that is free: balance, list of models.</summary>
    Query,
}
