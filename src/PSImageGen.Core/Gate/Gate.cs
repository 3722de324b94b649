using PSImageGen.Core.Planning;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Gate;

/// <summary>The user's voice. The cmdlet answers with ShouldProcess.</summary>
public interface IConsent
{
    /// <summary>Asks whether a plan may be carried out.</summary>
    /// <returns>True for a yes; false for a no, or when only a rehearsal was asked for.</returns>
    /// <exception cref="AIImageException"><c>ConsentRequired</c>: nobody can be asked.</exception>
    bool Ask(Plan plan);

    /// <summary>Asks once for all calls of a series.</summary>
    /// <inheritdoc cref="Ask(Plan)"/>
    bool Ask(CallSeries series);
}

/// <summary>
/// A call the user has agreed to: these candidates, at most this price. Its only constructor is private and its only makers are the
/// <see cref="Gate"/> and the <see cref="Series"/> inside it, so that the compiler keeps the promise that nothing is paid for without consent.
/// </summary>
public sealed class ApprovedCall
{
    private ApprovedCall(Plan plan, Reservation reservation)
    {
        Plan = plan;
        Reservation = reservation;
        Ceiling = plan.Highest is [var one] ? one.Amount : null;
    }

    /// <summary>What was shown.</summary>
    public Plan Plan { get; }

    /// <summary>The highest price shown; null when that of a candidate was shown as unknown, or they are in several currencies.</summary>
    public decimal? Ceiling { get; }

    /// <summary>The money set aside for it.</summary>
    public Reservation Reservation { get; }

    /// <summary>The one place where consent is given.</summary>
    public static class Gate
    {
        /// <summary>Checks the budget, asks, and sets the money aside. No consent makes a budget larger.</summary>
        /// <param name="plan">What is to be done.</param>
        /// <param name="consent">Who is asked.</param>
        /// <param name="budget">The ceilings.</param>
        /// <param name="recordPath">Where the record of the run will be, or is; null where only the pipeline's ceiling counts.</param>
        /// <returns>The approved call, or null for a no.</returns>
        /// <exception cref="AIImageException"><c>BudgetExceeded</c> or <c>ConsentRequired</c>.</exception>
        public static ApprovedCall? Approve(Plan plan, IConsent consent, Budget budget, string? recordPath = null)
        {
            ArgumentNullException.ThrowIfNull(plan);
            ArgumentNullException.ThrowIfNull(consent);
            ArgumentNullException.ThrowIfNull(budget);
            budget.Check(plan, recordPath);
            return consent.Ask(plan) ? new ApprovedCall(plan, budget.Reserve(plan, recordPath)) : null;
        }

        /// <summary>Checks the budget against all calls of a series, and asks once. Money is set aside as each call is taken.</summary>
        /// <param name="series">What is to be done.</param>
        /// <param name="consent">Who is asked.</param>
        /// <param name="budget">The ceilings.</param>
        /// <param name="recordPath">The record of any of the runs, by which the project is known; null where only the pipeline's ceiling counts.</param>
        /// <returns>The approved series, or null for a no.</returns>
        /// <exception cref="AIImageException"><c>BudgetExceeded</c> or <c>ConsentRequired</c>.</exception>
        public static Series? Approve(CallSeries series, IConsent consent, Budget budget, string? recordPath = null)
        {
            ArgumentNullException.ThrowIfNull(series);
            ArgumentNullException.ThrowIfNull(consent);
            ArgumentNullException.ThrowIfNull(budget);
            return Series.Ask(series, consent, budget, recordPath);
        }
    }

    /// <summary>Calls the user has agreed to together: of each part at most so many, none dearer than was shown. May be used from any thread.</summary>
    public sealed class Series
    {
        private readonly int[] _taken;
        private readonly Budget _budget;

        private Series(CallSeries shown, Budget budget)
        {
            Shown = shown;
            _budget = budget;
            _taken = new int[shown.Parts.Count];
        }

        /// <summary>What was shown.</summary>
        public CallSeries Shown { get; }

        // The constructor is private, so that there is no series without the question.
        internal static Series? Ask(CallSeries series, IConsent consent, Budget budget, string? recordPath)
        {
            budget.Check(series, recordPath);
            return consent.Ask(series) ? new Series(series, budget) : null;
        }

        /// <summary>Takes one call out of the series and sets its money aside.</summary>
        /// <param name="part">Which of the parts shown it belongs to, from 0.</param>
        /// <param name="plan">The call as it is now known in full.</param>
        /// <param name="recordPath">Where the record of its run will be.</param>
        /// <exception cref="AIImageException"><c>ConsentRequired</c>: it is not what was agreed to; <c>BudgetExceeded</c>: others took the money meanwhile.</exception>
        public ApprovedCall Take(int part, Plan plan, string? recordPath)
        {
            ArgumentNullException.ThrowIfNull(plan);
            lock (_taken)
            {
                if (_taken[part] >= Shown.Parts[part].Most || !IsWithin(plan, Shown.Parts[part].Plan))
                    throw Errors.NotInQuestion(plan.Candidates[0].Quote);
                ApprovedCall call = new(plan, _budget.Reserve(plan, recordPath));
                _taken[part]++;
                return call;
            }
        }

        // Nobody else, nothing else, not more of it, and not at a higher price.
        private static bool IsWithin(Plan plan, Plan shown) =>
            plan.Candidates.Count <= shown.Candidates.Count
            && plan.Candidates.Zip(shown.Candidates).All(c => c.First.Provider == c.Second.Provider && c.First.Shape.Model.Id == c.Second.Shape.Model.Id && c.First.BaseUrl == c.Second.BaseUrl)
            && plan.Request.Operation == shown.Request.Operation && plan.Request.Count <= shown.Request.Count && plan.FallbackOnUnknown == shown.FallbackOnUnknown
            && (shown.Highest is not { } limits || (plan.Highest is { } prices && prices.All(p => p.Amount == 0 || limits.Any(l => l.Currency == p.Currency && p.Amount <= l.Amount))));
    }
}
