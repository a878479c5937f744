//! The tree that a template text is parsed into: owned, cheap to walk, every node with its place in the text.
//!
//! A node's `pos` is the byte offset that Go's `Node.Position()` would give (error columns are computed from it);
//! a [`Span`] covers the whole `{{…}}`, for provenance. Texts that are needed only for printing stay in the
//! [`Source`] and are named by their span.

use std::ops::Range;
use std::sync::Arc;

/// What one template text holds: its own body and the templates that it defines.
#[derive(Debug, Clone)]
pub(crate) struct ParsedFile {
    /// What runs under the file's own name. If the text has nothing of its own but `define`s its own name,
    /// this is the body of that `define`, as in Go.
    pub(crate) main: Body,
    /// The `define`s and `block`s in the order in which their names first ended; one entry for a name.
    pub(crate) defines: Vec<Define>,
}

/// A template made by `define` or `block`.
#[derive(Debug, Clone)]
pub(crate) struct Define {
    pub(crate) name: Arc<str>,
    pub(crate) body: Body,
    /// From the `{{` of the opening action to the `}}` of its `{{end}}`.
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "the parser's tests hold it against Go's positions"
        )
    )]
    pub(crate) span: Span,
}

/// A template text and the name it was parsed under. All bodies of one file share it.
#[derive(Debug)]
pub(crate) struct Source {
    /// The name that stands in error locations, in Go the tree's `ParseName`.
    pub(crate) name: Arc<str>,
    pub(crate) text: Arc<[u8]>,
}

/// One executable template.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) source: Arc<Source>,
    pub(crate) nodes: NodeList,
    /// One entry for each variable of the body. Slot 0 is `$`.
    pub(crate) slots: Box<[SlotInfo]>,
    /// Nothing but white space and comments: such a definition replaces no other one.
    pub(crate) is_empty: bool,
}

/// A sequence of nodes in the order of the text.
pub(crate) type NodeList = Box<[Node]>;

/// A variable's number within its [`Body`].
pub(crate) type Slot = u32;

/// The slot of a variable that Go's parser accepts but that does not exist when the template runs:
/// reading or assigning it fails with `undefined variable: $x`.
pub(crate) const UNDEFINED_SLOT: Slot = Slot::MAX;

/// What is known of a variable. Every `:=` makes a new one.
#[derive(Debug, Clone)]
pub(crate) struct SlotInfo {
    /// The variable of the same name that this one hides.
    pub(crate) shadows: Option<Slot>,
    /// Declared inside parentheses, so that `and`/`or` may skip the declaration. While it has not run,
    /// the name still means `shadows`, or nothing; a new turn of a loop forgets it.
    pub(crate) in_parentheses: bool,
}

/// A half-open range of bytes of the template text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// An element of a template's body.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Literal text after trimming; never empty. The bytes are `source.text[span]`.
    Text(Span),
    Action(Action),
    If(Conditional),
    With(Conditional),
    Range(Box<RangeLoop>),
    Template(Box<TemplateCall>),
    Break(Jump),
    Continue(Jump),
}

/// `{{pipeline}}`, possibly a declaration or assignment (then nothing is printed).
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) pipe: Pipe,
    pub(crate) span: Span,
}

/// `if` or `with` and all of its `else if` / `else with` parts.
///
/// Go nests them; the flat form means the same: variables of one branch's pipeline stay visible in the later
/// branches and in the `else` part.
#[derive(Debug, Clone)]
pub(crate) struct Conditional {
    /// At least one.
    pub(crate) branches: Box<[Branch]>,
    /// `Some` also for an empty `{{else}}` part.
    pub(crate) else_body: Option<ElseBody>,
    /// From the first `{{` to the `}}` of `{{end}}`.
    pub(crate) span: Span,
}

/// One condition and what it guards.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: NodeList,
    /// The `{{if …}}`, `{{with …}}` or `{{else if …}}` action.
    pub(crate) span: Span,
}

/// The part after a plain `{{else}}`.
#[derive(Debug, Clone)]
pub(crate) struct ElseBody {
    pub(crate) body: NodeList,
    /// The `{{else}}` action.
    pub(crate) span: Span,
}

/// `range`, with at most two variables in `pipe.decls`.
#[derive(Debug, Clone)]
pub(crate) struct RangeLoop {
    pub(crate) pipe: Pipe,
    pub(crate) body: NodeList,
    pub(crate) else_body: Option<ElseBody>,
    /// The `{{range …}}` action.
    pub(crate) header: Span,
    /// From the `{{` of the header to the `}}` of `{{end}}`.
    pub(crate) span: Span,
}

/// `{{template "name" pipeline}}`, also what a `block` leaves in place.
#[derive(Debug, Clone)]
pub(crate) struct TemplateCall {
    pub(crate) name: Arc<str>,
    /// Without a pipeline the called template's dot is nil.
    pub(crate) pipe: Option<Pipe>,
    /// Offset of the name's opening quote.
    pub(crate) pos: u32,
    /// For a `block` its opening action.
    pub(crate) span: Span,
}

/// `{{break}}` or `{{continue}}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Jump {
    /// Offset of the word.
    pub(crate) pos: u32,
    pub(crate) span: Span,
}

/// Commands joined by `|`, whose last value may go into variables.
#[derive(Debug, Clone)]
pub(crate) struct Pipe {
    /// Offset of its first token.
    pub(crate) pos: u32,
    /// `=` rather than `:=`.
    pub(crate) is_assign: bool,
    pub(crate) decls: Box<[VarDecl]>,
    /// At least one.
    pub(crate) cmds: Box<[Command]>,
}

/// A variable on the left of `:=` or `=`. It takes effect after the pipeline's commands have run.
#[derive(Debug, Clone)]
pub(crate) struct VarDecl {
    /// [`UNDEFINED_SLOT`] if `=` names a variable that does not exist.
    pub(crate) slot: Slot,
    /// With the dollar sign.
    pub(crate) name: Arc<str>,
}

/// A function, method or operand with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) pos: u32,
    /// At least one; the first says what the command is.
    pub(crate) args: Box<[Expr]>,
}

/// An operand.
#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) pos: u32,
    pub(crate) kind: ExprKind,
}

/// The kinds of operands.
#[derive(Debug, Clone)]
pub(crate) enum ExprKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Box<Number>),
    String(StringLiteral),
    /// `.a.b`: names without dots, at least one.
    Field(Idents),
    Variable(Variable),
    /// The name of a function.
    Identifier(Arc<str>),
    /// Fields of something else than dot or a variable, such as `(pipe).a.b`. Fields: at least one.
    Chain(Box<Chain>),
    /// A pipeline in parentheses.
    Pipe(Box<Pipe>),
}

/// Field names without dots; equal names within a file share one allocation.
pub(crate) type Idents = Box<[Arc<str>]>;

/// `$x` or `$x.a.b`.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// [`UNDEFINED_SLOT`] if the variable will not exist at run time.
    pub(crate) slot: Slot,
    /// With the dollar sign.
    pub(crate) name: Arc<str>,
    pub(crate) fields: Idents,
}

/// An operand followed by fields.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub(crate) node: Expr,
    pub(crate) fields: Idents,
}

/// A string constant.
#[derive(Debug, Clone)]
pub(crate) struct StringLiteral {
    /// After quote processing; any bytes.
    pub(crate) value: Arc<[u8]>,
    /// As written, with its quotes.
    pub(crate) quoted: Span,
}

/// A numeric constant under every type that can hold it, as Go's ideal constants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Number {
    pub(crate) is_int: bool,
    pub(crate) is_uint: bool,
    pub(crate) is_float: bool,
    pub(crate) is_complex: bool,
    pub(crate) int: i64,
    pub(crate) uint: u64,
    pub(crate) float: f64,
    /// Real part of the complex value (0 for a plain imaginary constant).
    pub(crate) real: f64,
    /// Imaginary part of the complex value.
    pub(crate) imag: f64,
    /// As written. ASCII but for character constants.
    pub(crate) text: Box<str>,
}

/// A node that an error can point at, in Go the state's current node.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NodeRef<'a> {
    Node(&'a Node),
    Pipe(&'a Pipe),
    Command(&'a Command),
    Expr(&'a Expr),
}

impl Source {
    /// The bytes that a span of this text covers.
    pub(crate) fn slice(&self, span: Span) -> &[u8] {
        self.text.get(span.range()).unwrap_or_default()
    }
}

impl Span {
    /// For indexing the template text.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Node {
    /// The offset that Go's `Node.Position()` gives.
    pub(crate) fn pos(&self) -> u32 {
        match self {
            Self::Text(span) => span.start,
            Self::Action(action) => action.pipe.pos,
            Self::If(conditional) | Self::With(conditional) => conditional
                .branches
                .first()
                .map_or(conditional.span.start, |branch| branch.pipe.pos),
            Self::Range(range) => range.pipe.pos,
            Self::Template(call) => call.pos,
            Self::Break(jump) | Self::Continue(jump) => jump.pos,
        }
    }

    /// The text that belongs to this node: for a block up to its `{{end}}`.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Text(span) => *span,
            Self::Action(action) => action.span,
            Self::If(conditional) | Self::With(conditional) => conditional.span,
            Self::Range(range) => range.span,
            Self::Template(call) => call.span,
            Self::Break(jump) | Self::Continue(jump) => jump.span,
        }
    }
}

impl NodeRef<'_> {
    /// The offset that Go's `Node.Position()` gives.
    pub(crate) fn pos(self) -> u32 {
        match self {
            Self::Node(node) => node.pos(),
            Self::Pipe(pipe) => pipe.pos,
            Self::Command(command) => command.pos,
            Self::Expr(expr) => expr.pos,
        }
    }
}
