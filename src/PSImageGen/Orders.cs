using System.Management.Automation;
using PSImageGen.Commands;
using PSImageGen.Consent;
using PSImageGen.Core;
using PSImageGen.Core.Engine;
using PSImageGen.Core.Gate;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Credentials;

namespace PSImageGen;

/// <summary>One input on its way.</summary>
/// <param name="Request">What is wanted.</param>
/// <param name="Selection">From whom.</param>
/// <param name="Target">The input it came from, for errors.</param>
/// <param name="Options">How it is carried out.</param>
/// <param name="Content">The mark of what it asks for, by <see cref="RowContent"/>; null where no batch was named, to go on with.</param>
internal sealed record ImageOrder(ImageRequest Request, Selection Selection, object? Target, Func<RunOptions> Options, string? Content = null);

/// <summary>Plans, asks for consent, orders, and brings results and errors to the streams, for every command that makes pictures.</summary>
internal sealed class Orders : IDisposable
{
    private readonly ImageCommand _command;
    private readonly Pump _pump;
    private readonly RunPresenter _presenter;
    private readonly Engine _engine;
    private readonly Budget _budget;
    private readonly ShouldProcessConsent _consent;
    // The batches that were named, by their ids.
    private readonly Dictionary<string, (Batch Rows, BatchTally Tally)> _batches = new(StringComparer.OrdinalIgnoreCase);
    private BatchTally? _tally;
    private bool _firstRun;

    /// <summary>Begins to take orders.</summary>
    /// <param name="command">The command, its parameters bound.</param>
    /// <param name="activity">What is shown while it works.</param>
    public Orders(ImageCommand command, string activity)
    {
        _command = command;
        _presenter = new RunPresenter(command, activity);
        _pump = new Pump(command.ThrottleLimit, _presenter.Tick);
        _presenter.Attach(_pump);
        _engine = new Engine(new EngineOptions { Surroundings = command.Surroundings, ThrottleLimit = command.ThrottleLimit, Proxy = ProxySettings.Of(command.Proxy, command.ProxyCredential) });
        _budget = new Budget(command.MyInvocation.BoundParameters.ContainsKey(nameof(ImageCommand.MaxCost)) ? command.MaxCost : null, command.AllowUnknownCost)
        {
            Limits = command.Limits,
            Bookings = _engine.Ledger.Bookings,
        };
        _consent = new ShouldProcessConsent(command, command.Force);
    }

    /// <summary>Waits until one more may be under way.</summary>
    public void WaitForSlot() => _pump.WaitForSlot();

    /// <summary>Plans and asks; after a yes the order goes on by itself.</summary>
    /// <exception cref="AIImageException">Nothing was sent.</exception>
    public void Place(ImageOrder order, Planner planner)
    {
        RunOptions options = order.Options();
        (BatchRow? row, BatchTally? tally) = RowOf(order, options);
        if (row?.Claim() is { } known)
        {
            GoOn(known, options, order.Target, tally!);
            return;
        }

        Plan plan = PlanOf(order, planner);
        if (plan.Candidates[0].Reason is { } reason)
            _command.WriteVerbose(reason);
        foreach (string warning in plan.Candidates[0].Shape.Warnings)
            _command.WriteWarning(Words.Of($"{plan.Candidates[0].Quote.Provider}, {plan.Candidates[0].Quote.Model}: {warning}."));
        if (ApprovedCall.Gate.Approve(plan, _consent, _budget, options.RecordPath) is not { } call)
            return;

        tally?.Placed(options.RecordPath);
        _pump.Start(async stop =>
        {
            try
            {
                RunReport report = await _engine.RunAsync(call, options, _presenter, stop, row).ConfigureAwait(false);
                _pump.Post(() =>
                {
                    tally?.Started(report);
                    _presenter.Emit(report, _command.NoWait);
                });
            }
            catch (AIImageException e)
            {
                _pump.Post(() =>
                {
                    tally?.Ended(options.RecordPath);
                    Fail(e, order.Target);
                });
            }
        });
    }

    // What a row has already is given again, or gone on with; it costs nothing, so nothing is asked.
    private void GoOn(string recordPath, RunOptions options, object? target, BatchTally tally)
    {
        RunRecord record = Ledger.Read(recordPath);
        bool open = !record.Status.IsSettled();
        if (_command.IsWhatIf())
        {
            tally.Found(record);
            return;
        }

        _command.Surroundings.LookFor(recordPath);
        _pump.Start(async stop =>
        {
            try
            {
                RunReport report = open && _command.NoWait && record.Status != ImageTaskStatus.Unknown
                    ? await _engine.AskAsync(recordPath, _presenter, stop).ConfigureAwait(false)
                    : await _engine.TakeUpAsync(recordPath, options.Timeout, _presenter, stop).ConfigureAwait(false);
                // The row may have moved since.
                report = report with { Record = report.Record with { Index = options.Index } };
                _pump.Post(() =>
                {
                    tally.Found(record, report);
                    _presenter.Emit(report, _command.NoWait, news: open);
                    if (!open && report.Record.Images.FirstOrDefault(i => !File.Exists(i.Path)) is { } gone)
                        _command.WriteWarning(Words.Of($"'{gone.Path}' was delivered before and is no longer there. It is not ordered again by itself; to have the row made anew type Remove-AIImageTask -RunId {record.RunId} first."));
                });
            }
            catch (AIImageException e)
            {
                _pump.Post(() => Fail(e, target));
            }
        });
    }

    private (BatchRow? Row, BatchTally? Tally) RowOf(ImageOrder order, RunOptions options)
    {
        if (order.Content is not { } content || options.BatchId is not { } id)
            return (null, null);
        if (!_batches.TryGetValue(id, out (Batch Rows, BatchTally Tally) batch))
            _batches[id] = batch = (new Batch(_engine.Ledger, id), new BatchTally(id));
        _tally = batch.Tally;
        return (batch.Rows.Row(content, options), batch.Tally);
    }

    // Where the vendor named has a first run of its own, the missing key is asked for, once.
    private Plan PlanOf(ImageOrder order, Planner planner)
    {
        try
        {
            return planner.Plan(order.Request, order.Selection, _command.NoWait);
        }
        catch (AIImageException e) when (e.Error is { Id: ImageErrorId.CredentialMissing, Provider: { } id } && !_firstRun)
        {
            _firstRun = true;
            if (!_command.TryFirstRun(ProviderRegistry.Current.Get(id).Profile, _command.Surroundings, _command.Force))
                throw;
            return planner.Plan(order.Request, order.Selection, _command.NoWait);
        }
    }

    /// <summary>An error that concerns one input, or ends the pipeline once what is under way has finished.</summary>
    public void Fail(AIImageException error, object? target)
    {
        _tally?.Failed(error.Error);
        ErrorRecord record = ErrorRecords.Of(error, target);
        if (error.Error.Id is not (ImageErrorId.ConsentRequired or ImageErrorId.BudgetExceeded))
        {
            _command.WriteError(record);
            return;
        }

        // Nothing more can be paid for; what is paid for already is finished first.
        Complete();
        _command.ThrowTerminatingError(record);
    }

    /// <summary>Waits for everything under way.</summary>
    public void Complete()
    {
        _pump.Complete();
        _presenter.End();
        // Shown, as Write-Host shows: it is about money.
        foreach ((_, BatchTally tally) in _batches.Values)
            _command.WriteInformation(new HostInformationMessage { Message = tally.Describe() }, ["PSHOST", "PSImageGen"]);
        _batches.Clear();
    }

    /// <summary>The user stops. From any thread; does not block.</summary>
    public void Stop() => _pump.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        _pump.Dispose();
        _engine.Dispose();
    }
}
